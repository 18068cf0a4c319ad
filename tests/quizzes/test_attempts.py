"""Attempts: fixed at the start, marked from what was frozen, one result whatever is repeated."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizzes.api import (
    AlreadyPassedError,
    AttemptClosedError,
    InvalidAnswerError,
    PoolTooSmallError,
    QuizRule,
    UnansweredError,
    answer,
    start_attempt,
    submit_attempt,
)
from quizzes.models import Attempt, AttemptItem, Question
from quizzes.signals import attempt_marked

from .bank import (
    MONDAY,
    answer_all,
    make_attempt,
    make_question,
    make_sitting,
    rekey,
    reword,
    rule,
    translate,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(minutes=20)


def test_start_fixes_questions_and_order() -> None:
    attempt = make_attempt(3)
    items = list(attempt.items.order_by("position"))
    assert [item.position for item in items] == [1, 2, 3]
    assert all(sorted(item.order) == ["a", "b", "c"] for item in items)
    assert attempt.rule == {"draw": 3, "pass_percent": 80, "critical_minimum": 0}
    assert (attempt.number, attempt.started_at, attempt.submitted_at) == (1, MONDAY, None)


def test_start_returns_the_open_attempt() -> None:
    attempt = make_attempt(1)
    again = start_attempt(attempt.sitting, rule=rule(1), language="fr", at=LATER)
    assert again == attempt
    assert Attempt.objects.count() == 1


def test_next_attempt_avoids_what_was_seen() -> None:
    for number in range(4):
        make_question(f"Q-{number}")
    sitting = make_sitting()
    seen = []
    for number in (1, 2):
        attempt = start_attempt(sitting, rule=rule(2), language="en", at=MONDAY)
        assert attempt.number == number
        seen += [item.version.key for item in attempt.items.select_related("version")]
        submit_attempt(answer_all(attempt, "b"), at=LATER)
    assert len(set(seen)) == 4


def test_no_attempt_after_a_pass() -> None:
    attempt = submit_attempt(answer_all(make_attempt(1)), at=LATER)
    with pytest.raises(AlreadyPassedError):
        start_attempt(attempt.sitting, rule=rule(1), language="en", at=LATER)


def test_draw_is_from_what_is_published_now() -> None:
    make_question("Q-1")
    make_question("Q-2", publish=False)
    translate(make_question("Q-3"))
    Question.objects.get(code="Q-3", locale__language_code="en").unpublish()
    with pytest.raises(PoolTooSmallError):
        start_attempt(make_sitting(), rule=rule(2), language="en", at=MONDAY)
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3, 10])
def test_start_takes_a_constant_number_of_queries(count: int) -> None:
    for number in range(count):
        make_question(f"Q-{number}")
    sitting = make_sitting()
    with CaptureQueriesContext(connection) as queries:
        start_attempt(sitting, rule=rule(count), language="en", at=MONDAY)
    assert len(queries) == 11


@pytest.mark.parametrize(
    ("draw", "pass_percent", "critical_minimum"), [(0, 80, 0), (2, 0, 0), (2, 101, 0), (2, 80, 3)]
)
def test_senseless_rule_is_refused(draw: int, pass_percent: int, critical_minimum: int) -> None:
    with pytest.raises(ValueError, match=r"quiz draws|pass mark"):
        QuizRule("office", "en", draw, pass_percent, critical_minimum)


def test_answer_is_kept_with_the_words_it_was_read_in() -> None:
    question = make_question()
    translate(question)
    attempt = start_attempt(make_sitting(), rule=rule(1), language="en", at=LATER)
    answer(attempt, position=1, keys=["b"], language="fr", at=LATER)
    item = attempt.items.select_related("text").get()
    assert (item.response, item.answered_at, item.correct) == (["b"], LATER, None)
    assert item.text is not None
    assert item.text.texts["stem"] == "[fr] What comes first in case Q-1?"


def test_later_answer_replaces_the_first() -> None:
    attempt = make_attempt(1)
    answer(attempt, position=1, keys=["b"], language="en", at=MONDAY)
    answer(attempt, position=1, keys=["a"], language="en", at=LATER)
    assert attempt.items.get().response == ["a"]


@pytest.mark.parametrize(
    ("right", "keys"),
    [
        ("a", []),
        ("a", ["z"]),
        ("a", ["a", "b"]),
        ("ab", []),
        ("ab", ["a", "z"]),
        ("ab", ["a", "a"]),
    ],
)
def test_answer_that_does_not_fit_is_refused(right: str, keys: list[str]) -> None:
    attempt = make_attempt(1, right=right)
    with pytest.raises(InvalidAnswerError):
        answer(attempt, position=1, keys=keys, language="en", at=MONDAY)
    assert attempt.items.get().response == []


def test_no_answer_after_submission() -> None:
    attempt = submit_attempt(answer_all(make_attempt(1), "b"), at=LATER)
    with pytest.raises(AttemptClosedError):
        answer(attempt, position=1, keys=["a"], language="en", at=LATER)
    assert attempt.items.get().response == ["b"]


def test_submit_refuses_what_is_unanswered() -> None:
    attempt = make_attempt(3)
    answer(attempt, position=2, keys=["a"], language="en", at=MONDAY)
    with pytest.raises(UnansweredError) as refusal:
        submit_attempt(attempt, at=LATER)
    assert refusal.value.positions == [1, 3]
    attempt.refresh_from_db()
    assert (attempt.submitted_at, attempt.passed) == (None, None)


@pytest.mark.parametrize(("keys", "points", "passed"), [("a", 2, True), ("b", 0, False)])
def test_submit_marks(keys: str, points: int, passed: bool) -> None:
    attempt = submit_attempt(answer_all(make_attempt(2), keys), at=LATER)
    attempt.refresh_from_db()
    assert (attempt.points, attempt.maximum, attempt.passed) == (points, 2, passed)
    assert attempt.submitted_at == LATER
    assert {item.correct for item in attempt.items.all()} == {passed}


def test_critical_question_must_be_right() -> None:
    for number in range(4):
        make_question(f"Q-{number}")
    make_question("C-1", right="b", critical="keep-order")
    sitting = make_sitting()
    attempt = start_attempt(sitting, rule=rule(5, critical_minimum=1), language="en", at=MONDAY)
    attempt = submit_attempt(answer_all(attempt), at=LATER)
    assert (attempt.percent, attempt.passed, attempt.critical_missed) == (80, False, True)


def test_submitting_again_changes_nothing() -> None:
    heard: list[datetime] = []

    def hear(attempt: Attempt, at: datetime, **_: Any) -> None:
        heard.append(at)

    attempt_marked.connect(hear)
    attempt = answer_all(make_attempt(1))
    first = submit_attempt(attempt, at=LATER)
    again = submit_attempt(attempt, at=LATER + timedelta(hours=1))
    attempt_marked.disconnect(hear)
    assert (again.submitted_at, again.passed) == (first.submitted_at, True)
    assert heard == [LATER]


def test_failing_news_undoes_the_submission() -> None:
    def fail(**_: Any) -> None:
        raise ArithmeticError

    attempt_marked.connect(fail)
    attempt = answer_all(make_attempt(1))
    with pytest.raises(ArithmeticError):
        submit_attempt(attempt, at=LATER)
    attempt_marked.disconnect(fail)
    attempt.refresh_from_db()
    assert (attempt.submitted_at, attempt.items.get().correct) == (None, None)


@pytest.mark.parametrize("moment", ["before the answer", "after the answer"])
def test_republishing_does_not_change_the_marking(moment: str) -> None:
    attempt = make_attempt(1, right="a")
    question = Question.objects.get()
    if moment == "after the answer":
        answer_all(attempt)
    reword(question, stem="Quite another question?")
    rekey(question, right="c")
    question.refresh_from_db()
    question.unpublish()
    if moment == "before the answer":
        answer_all(attempt)
    submitted = submit_attempt(attempt, at=LATER)
    item = attempt.items.select_related("text").get()
    assert submitted.passed
    assert item.text is not None
    assert item.text.texts["stem"] == "What comes first in case Q-0?"


def test_translated_answer_key_does_not_change_the_marking() -> None:
    translate(make_question(right="a"))
    attempt = start_attempt(make_sitting(), rule=rule(1), language="fr", at=MONDAY)
    assert submit_attempt(answer_all(attempt, "a", language="fr"), at=LATER).passed


@pytest.mark.parametrize("count", [1, 3, 10])
def test_submit_takes_a_constant_number_of_queries(count: int) -> None:
    attempt = answer_all(make_attempt(count), "b")  # a pass is news to the rooms above
    with CaptureQueriesContext(connection) as queries:
        submit_attempt(attempt, at=LATER)
    assert len(queries) == 6


def at_once(work: Callable[[], Any], *, times: int = 6) -> list[Any]:
    """Return what as many threads get from the same work, begun together."""
    barrier = threading.Barrier(times)

    def run() -> Any:
        barrier.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(times)]]


@pytest.mark.django_db(transaction=True)
def test_starts_at_once_give_one_attempt() -> None:
    make_question()
    sitting = make_sitting()
    attempts = at_once(lambda: start_attempt(sitting, rule=rule(1), language="en", at=MONDAY))
    assert len({attempt.pk for attempt in attempts}) == 1
    assert AttemptItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_submissions_at_once_give_one_result() -> None:
    heard: list[Attempt] = []

    def hear(attempt: Attempt, **_: Any) -> None:
        heard.append(attempt)

    attempt_marked.connect(hear)
    attempt = answer_all(make_attempt(3))
    results = at_once(lambda: submit_attempt(attempt, at=LATER))
    attempt_marked.disconnect(hear)
    assert {(found.pk, found.points, found.passed) for found in results} == {(attempt.pk, 3, True)}
    assert heard == [attempt]


@pytest.mark.django_db(transaction=True)
def test_answers_at_once_with_the_submission_are_marked_or_refused() -> None:
    attempt = answer_all(make_attempt(1), "b")
    turns = count()

    def change() -> str:
        try:
            answer(attempt, position=1, keys=["a"], language="en", at=LATER)
        except AttemptClosedError:
            return "refused"
        return "kept"

    def work() -> str:
        if next(turns) % 2:
            return change()
        submit_attempt(attempt, at=LATER)
        return "submitted"

    at_once(work)
    submit_attempt(attempt, at=LATER)
    item = attempt.items.get()
    assert item.correct == (item.response == ["a"])
