"""Marking: all or nothing a question, a pass mark compared exactly, and critical questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.marking import Mark, mark_answer, sum_up

RIGHT, WRONG = Mark(correct=True, points=1), Mark(correct=False, points=0)
CRITICAL_WRONG = Mark(correct=False, points=0, critical=True)
KEYS = st.lists(st.sampled_from("abcdef"), max_size=6)


@pytest.mark.parametrize(
    ("right", "given_keys", "correct"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("a", "", False),
        ("a", "ab", False),
        ("a", "aa", False),
        ("ab", "ba", True),
        ("ab", "a", False),
        ("ab", "abc", False),
        ("", "", False),
    ],
)
def test_mark_answer(right: str, given_keys: str, correct: bool) -> None:
    assert mark_answer(right, list(given_keys)) == Mark(correct=correct, points=int(correct))


@pytest.mark.parametrize(
    ("right", "wrong", "pass_percent", "passed"),
    [
        (8, 2, 80, True),
        (7, 3, 80, False),
        (2, 1, 67, False),  # 66.67 is not 67: never rounded up
        (2, 1, 66, True),
        (0, 0, 80, False),
        (1, 0, 100, True),
    ],
)
def test_pass_mark(right: int, wrong: int, pass_percent: int, passed: bool) -> None:
    outcome = sum_up([RIGHT] * right + [WRONG] * wrong, pass_percent=pass_percent)
    assert (outcome.points, outcome.maximum, outcome.passed) == (right, right + wrong, passed)


def test_critical_question_must_be_right() -> None:
    outcome = sum_up([RIGHT] * 9 + [CRITICAL_WRONG], pass_percent=80)
    assert (outcome.percent, outcome.passed, outcome.critical_missed) == (90, False, True)


@given(right=st.sets(st.sampled_from("abcdef"), min_size=1), keys=KEYS)
def test_only_the_exact_set_is_right(right: set[str], keys: list[str]) -> None:
    mark = mark_answer(right, keys)
    assert mark.correct == (sorted(keys) == sorted(right))


@given(
    marks=st.lists(st.builds(Mark, st.booleans(), st.integers(0, 1), st.booleans()), max_size=20),
    pass_percent=st.integers(1, 100),
)
def test_outcome_is_sound(marks: list[Mark], pass_percent: int) -> None:
    outcome = sum_up(marks, pass_percent=pass_percent)
    assert 0 <= outcome.percent <= 100
    assert outcome.percent >= pass_percent or not outcome.passed
    assert not (outcome.passed and outcome.critical_missed)


@given(points=st.integers(0, 40), more=st.integers(0, 40), pass_percent=st.integers(1, 100))
def test_another_right_answer_never_harms(points: int, more: int, pass_percent: int) -> None:
    before = sum_up([RIGHT] * points + [WRONG] * (more + 1), pass_percent=pass_percent)
    after = sum_up([RIGHT] * (points + 1) + [WRONG] * more, pass_percent=pass_percent)
    assert after.passed >= before.passed
