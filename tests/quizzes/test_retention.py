"""Retention: answers become sums once, and the result stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizzes import retention
from quizzes.api import answer, remove_old_answers, start_attempt, submit_attempt
from quizzes.models import AnswerTally, Attempt
from quizzes.privacy import erase_attempts, hold_attempts
from tests.plans import plan_of

from .bank import (
    MONDAY,
    answer_all,
    make_attempt,
    make_person,
    make_question,
    make_sitting,
    rule,
    translate,
)

pytestmark = pytest.mark.django_db
DUE = MONDAY + timedelta(days=90, seconds=1)


def tallies() -> list[tuple[str, str, int]]:
    """Return (language, choice, taken) of every tally."""
    return list(
        AnswerTally.objects.order_by("locale", "choice").values_list("locale", "choice", "taken")
    )


def marked(keys: str, email: str, *, language: str = "en") -> Attempt:
    """Return a marked attempt of a new person on the questions that are there."""
    sitting = make_sitting(make_person(email))
    attempt = start_attempt(sitting, rule=rule(1), language=language, at=MONDAY)
    return submit_attempt(answer_all(attempt, keys, language=language), at=MONDAY)


def test_old_answers_become_sums_by_language() -> None:
    translate(make_question())
    for number, (keys, language) in enumerate([("a", "en"), ("a", "en"), ("b", "en"), ("a", "fr")]):
        marked(keys, f"{number}@example.org", language=language)
    assert remove_old_answers(at=DUE) == 4
    assert tallies() == [("en", "a", 2), ("en", "b", 1), ("fr", "a", 1)]


def test_attempt_keeps_date_result_and_questions() -> None:
    make_question()
    attempt = marked("b", "ana@example.org")
    remove_old_answers(at=DUE)
    attempt.refresh_from_db()
    item = attempt.items.get()
    assert (attempt.submitted_at, attempt.points, attempt.maximum, attempt.passed) == (
        MONDAY,
        0,
        1,
        False,
    )
    assert (item.position, item.version.number) == (1, 1)
    assert (item.response, item.text, item.answered_at, item.correct, item.points) == (
        [],
        None,
        None,
        None,
        None,
    )
    assert attempt.answers_removed_at == DUE


def test_every_choice_of_several_is_counted() -> None:
    make_question(right="ab")
    marked("ac", "ana@example.org")
    remove_old_answers(at=DUE)
    assert tallies() == [("en", "a", 1), ("en", "c", 1)]


def test_nothing_is_counted_twice() -> None:
    make_question()
    marked("a", "ana@example.org")
    assert [remove_old_answers(at=DUE), remove_old_answers(at=DUE)] == [1, 0]
    assert tallies() == [("en", "a", 1)]


@pytest.mark.parametrize(("days", "removed"), [(89, 0), (90, 0), (91, 1)])
def test_answers_are_kept_as_long_as_promised(days: int, removed: int) -> None:
    make_question()
    marked("a", "ana@example.org")
    assert remove_old_answers(at=MONDAY + timedelta(days=days)) == removed


def test_open_attempt_is_left_alone() -> None:
    attempt = answer_all(make_attempt(1))
    assert remove_old_answers(at=DUE) == 0
    assert attempt.items.get().response == ["a"]


def test_more_attempts_than_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    make_question()
    for number in range(5):
        marked("a", f"{number}@example.org")
    assert remove_old_answers(at=DUE) == 5
    assert tallies() == [("en", "a", 5)]


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_takes_a_constant_number_of_queries(count: int) -> None:
    make_question()
    for number in range(count):
        marked("a", f"{number}@example.org")
    with CaptureQueriesContext(connection) as queries:
        remove_old_answers(at=DUE)
    assert len(queries) == 8


def test_what_we_hold_names_question_and_answer() -> None:
    make_question()
    attempt = marked("b", "ana@example.org")
    assert attempt.sitting.person is not None
    [held] = hold_attempts(attempt.sitting.person)
    assert (held["points"], held["maximum"], held["passed"]) == (0, 1, False)
    assert held["questions"] == [
        {
            "question": "Q-1",
            "version": 1,
            "asked": "What comes first in case Q-1?",
            "answered": ["Answer b of Q-1"],
            "answered_at": MONDAY.isoformat(),
            "correct": False,
        }
    ]


def test_what_we_hold_is_ones_own() -> None:
    make_question()
    marked("a", "ana@example.org")
    assert hold_attempts(make_person("ben@example.org")) == []


def test_erasure_leaves_sums_and_results_of_nobody() -> None:
    make_question()
    attempt = marked("a", "ana@example.org")
    other = marked("b", "ben@example.org")
    person = attempt.sitting.person
    assert person is not None
    erase_attempts(person, at=MONDAY)
    attempt = Attempt.objects.select_related("sitting").get(pk=attempt.pk)
    assert (attempt.sitting.person, attempt.passed) == (None, True)
    assert tallies() == [("en", "a", 1)]
    assert other.items.get().response == ["b"]
    assert hold_attempts(person) == []


def test_erasure_removes_answers_that_were_never_marked() -> None:
    attempt = make_attempt(1)
    answer(attempt, position=1, keys=["b"], language="en", at=MONDAY)
    assert attempt.sitting.person is not None
    erase_attempts(attempt.sitting.person, at=MONDAY)
    assert (attempt.items.get().response, tallies()) == ([], [])


def test_answers_that_are_gone_are_not_read_again() -> None:
    make_question()
    marked("a", "ana@example.org")

    assert "attempt_answers_kept" in plan_of(retention.with_old_answers(at=DUE)[:200])
