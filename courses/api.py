"""The door of this room."""

from __future__ import annotations

from .catalogue import course_map, course_texts
from .checking import breaches
from .enrolling import day_of, enrol, finish_lesson, start_quiz
from .progress import add_months
from .releasing import ReleaseError, release_course, release_language

__all__ = [
    "ReleaseError",
    "add_months",
    "breaches",
    "course_map",
    "course_texts",
    "day_of",
    "enrol",
    "finish_lesson",
    "release_course",
    "release_language",
    "start_quiz",
]
