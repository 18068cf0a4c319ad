"""Attempts: starting, answering and submitting, each one transaction; the browser is believed nothing."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from .drawing import Candidate, draw_questions, shuffle_choices
from .freezing import freeze_drawn
from .marking import mark_answer, sum_up
from .models import Attempt, AttemptItem, Kind, Question, Sitting
from .signals import attempt_marked
from .wording import text_read


class AlreadyPassedError(RuntimeError):
    """The quiz was passed in this sitting: another attempt would prove nothing."""


class AttemptClosedError(RuntimeError):
    """The attempt was submitted: its answers stand."""


class InvalidAnswerError(ValueError):
    """The chosen keys are not an answer to this question."""


class UnansweredError(RuntimeError):
    """Some questions have no answer yet; `positions` says which."""

    def __init__(self, positions: Sequence[int]) -> None:
        super().__init__(f"No answer yet at {', '.join(map(str, positions))}.")
        self.positions = list(positions)


@dataclass(frozen=True, slots=True)
class QuizRule:
    """What a release says of a quiz: which bank, how many questions, and what passes."""

    bank: str
    source_locale: str
    draw: int
    pass_percent: int
    critical_minimum: int

    def __post_init__(self) -> None:
        if not (0 <= self.critical_minimum <= self.draw and self.draw > 0):
            raise ValueError("A quiz draws at least one question, and at least its critical ones.")
        if self.pass_percent not in range(1, 101):
            raise ValueError("The pass mark is a whole percent from 1 to 100.")


def start_attempt(sitting: Sitting, *, rule: QuizRule, language: str, at: datetime) -> Attempt:
    """Return the open attempt of a sitting, or a new one whose questions are drawn and frozen.

    Raises `AlreadyPassedError` after a pass, and `PoolTooSmallError` where the bank holds too little.
    """
    with transaction.atomic():
        # Two starts at once: the second waits here and finds the attempt of the first.
        Sitting.objects.select_for_update(no_key=True).get(pk=sitting.pk)
        last = sitting.attempts.order_by("-number").first()
        if last and last.submitted_at is None:
            return last
        if last and last.passed:
            raise AlreadyPassedError(f"Sitting {sitting.pk} is passed.")
        seed = secrets.randbits(63)
        drawn = _draw(rule, seed=seed, avoid=_seen_in(last))
        versions = freeze_drawn(drawn, source_locale=rule.source_locale, language=language, at=at)
        attempt = Attempt.objects.create(
            sitting=sitting,
            number=last.number + 1 if last else 1,
            language=language,
            rule={
                "draw": rule.draw,
                "pass_percent": rule.pass_percent,
                "critical_minimum": rule.critical_minimum,
            },
            seed=seed,
            started_at=at,
        )
        AttemptItem.objects.bulk_create(
            AttemptItem(
                attempt=attempt,
                position=position,
                version=versions[key],
                order=shuffle_choices(versions[key].choice_keys, seed=seed, position=position),
            )
            for position, key in enumerate(drawn, start=1)
        )
    return attempt


def answer(
    attempt: Attempt, *, position: int, keys: Sequence[str], language: str, at: datetime
) -> AttemptItem:
    """Keep the answer to one question, with the words in which it was read; a later one replaces it.

    Raises `AttemptClosedError` after submission and `InvalidAnswerError` for keys that do not fit.
    """
    item = AttemptItem.objects.select_related("attempt", "version").get(
        attempt=attempt, position=position
    )
    return answer_item(item, keys=keys, language=language, at=at)


def answer_item(
    item: AttemptItem, *, keys: Sequence[str], language: str, at: datetime
) -> AttemptItem:
    """Keep the answer to a question that was fetched with its attempt and version: see `answer`."""
    _refuse_misfit(item, keys)
    with transaction.atomic():
        # The lock on the attempt lets no answer slip in while it is being marked.
        [submitted_at] = (
            Attempt.objects.select_for_update(no_key=True)
            .filter(pk=item.attempt_id)
            .values_list("submitted_at", flat=True)
        )
        if submitted_at is not None:
            raise AttemptClosedError(f"{item.attempt} was submitted.")
        started_at = item.attempt.started_at
        item.text_id = text_read(item.version, language=language, at=started_at)
        item.response = [key for key in item.order if key in keys]
        item.answered_at = at
        item.save(update_fields=["text", "response", "answered_at"])
    return item


def place_to_go_on(attempt: Attempt, *, after: int = 0) -> int | None:
    """Return the next question without an answer, else the first one, else None: all have one."""
    found = attempt.items.unanswered().order_by("position").values_list("position", flat=True)
    positions = list(found)
    return next((place for place in positions if place > after), next(iter(positions), None))


def submit_attempt(attempt: Attempt, *, at: datetime) -> Attempt:
    """Return the attempt with its result, marked from its versions; a second request changes nothing.

    Sends `attempt_marked` inside the transaction. Raises `UnansweredError` where answers are missing.
    """
    with transaction.atomic():
        locked = (
            Attempt.objects.select_for_update(no_key=True, of=("self",))
            .select_related("sitting")
            .get(pk=attempt.pk)
        )
        if locked.submitted_at is not None:
            return locked
        # Read after the lock is held: an answer that was kept a moment ago is in here.
        items = list(locked.items.select_related("version").order_by("position"))
        if missing := [item.position for item in items if item.answered_at is None]:
            raise UnansweredError(missing)
        _mark(locked, items)
        locked.submitted_at = at
        locked.save(
            update_fields=["submitted_at", "points", "maximum", "passed", "critical_missed"]
        )
        attempt_marked.send(sender=Attempt, attempt=locked, at=at)
    return locked


def _draw(rule: QuizRule, *, seed: int, avoid: Collection[str]) -> list[UUID]:
    pool = Question.objects.in_pool(rule.bank, source_locale=rule.source_locale)
    drawn = draw_questions(
        (
            Candidate(key=str(key), rule=critical)
            for key, critical in pool.values_list("translation_key", "critical_rule")
        ),
        count=rule.draw,
        critical_minimum=rule.critical_minimum,
        seed=seed,
        avoid=avoid,
    )
    return [UUID(key) for key in drawn]


def _seen_in(attempt: Attempt | None) -> set[str]:
    if attempt is None:
        return set()
    return {str(key) for key in attempt.items.values_list("version__key", flat=True)}


def _refuse_misfit(item: AttemptItem, keys: Sequence[str]) -> None:
    several = item.version.kind == Kind.SEVERAL
    unknown = set(keys) - set(item.order)
    if unknown or not keys or len(keys) != len(set(keys)) or (len(keys) > 1 and not several):
        raise InvalidAnswerError(f"Not an answer to {item}.")


def _mark(attempt: Attempt, items: Iterable[AttemptItem]) -> None:
    """Mark every item from its frozen version, and set the result on the attempt."""
    marks = []
    for item in items:
        mark = mark_answer(item.version.right_keys, item.response, critical=item.version.critical)
        item.correct, item.points = mark.correct, mark.points
        marks.append(mark)
    AttemptItem.objects.bulk_update(items, ["correct", "points"])
    outcome = sum_up(marks, pass_percent=attempt.rule["pass_percent"])
    attempt.points, attempt.maximum = outcome.points, outcome.maximum
    attempt.passed, attempt.critical_missed = outcome.passed, outcome.critical_missed
