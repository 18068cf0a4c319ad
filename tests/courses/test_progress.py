"""Where a learner stands, and the arithmetic of days."""

from __future__ import annotations

from datetime import date

import pytest

from courses.progress import add_months, standing

from .scene import sample_outline


@pytest.mark.parametrize(
    ("done", "following", "left"),
    [
        ((), "A1", 45),
        (("a1",), "A2", 37),
        (("a2", "b1"), "A1", 28),
        (("a1", "a2", "aq", "b1"), "B-quiz", 5),
        (("a1", "a2", "aq", "b1", "bq"), None, 0),
        (("left-the-release",), "A1", 45),
    ],
)
def test_the_next_step_is_the_first_that_is_not_done(
    done: tuple[str, ...], following: str | None, left: int
) -> None:
    mine = standing(sample_outline(), done)
    assert (mine.next_step.code if mine.next_step else None) == following
    assert mine.minutes_left == left
    assert mine.complete == (following is None)


def test_steps_of_an_older_release_do_not_count() -> None:
    assert standing(sample_outline(), ("a1", "left-the-release")).count_done == 1


@pytest.mark.parametrize(
    ("done", "missing"),
    [((), ["A1", "A2"]), (("a2", "b1"), ["A1"]), (("a1", "a2"), [])],
)
def test_a_quiz_misses_the_lessons_of_its_own_module(
    done: tuple[str, ...], missing: list[str]
) -> None:
    outline = sample_outline()
    quiz = outline.modules[0].steps[-1]
    assert [step.code for step in standing(outline, done).missing_lessons(quiz)] == missing


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 24), 36, date(2029, 11, 24)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 10, 31), 6, date(2027, 4, 30)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected
