"""The door of this room: what the rooms above may ask of it."""

from __future__ import annotations

from .attempts import (
    AlreadyPassedError,
    AttemptClosedError,
    InvalidAnswerError,
    QuizRule,
    UnansweredError,
    answer,
    place_to_go_on,
    start_attempt,
    submit_attempt,
)
from .drawing import PoolTooSmallError
from .freezing import NotPublishedError, freeze_question
from .places import Place, place_with
from .retention import remove_old_answers

__all__ = [
    "AlreadyPassedError",
    "AttemptClosedError",
    "InvalidAnswerError",
    "NotPublishedError",
    "Place",
    "PoolTooSmallError",
    "QuizRule",
    "UnansweredError",
    "answer",
    "freeze_question",
    "place_to_go_on",
    "place_with",
    "remove_old_answers",
    "start_attempt",
    "submit_attempt",
]
