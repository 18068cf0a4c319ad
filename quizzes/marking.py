"""Marking: pure arithmetic that knows nothing of Django.

The rule of `docs/decisions/0008-the-pass-rule.md`: a pass needs the pass mark **and** every critical
question right. A question gives one point, all or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """What one answer earned."""

    correct: bool
    points: int
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt earned: points, whole percent (rounded down), and whether it passes."""

    points: int
    maximum: int
    percent: int
    passed: bool
    critical_missed: bool


def mark_answer(right: Iterable[str], given: Sequence[str], *, critical: bool = False) -> Mark:
    """Return the mark for the chosen keys: one point if they are exactly the right ones."""
    correct = len(given) == len(set(given)) and set(given) == set(right) and bool(given)
    return Mark(correct=correct, points=int(correct), critical=critical)


def sum_up(marks: Sequence[Mark], *, pass_percent: int) -> Outcome:
    """Return the outcome of all marks; the pass mark is compared exactly, never after rounding."""
    points, maximum = sum(mark.points for mark in marks), len(marks)
    critical_missed = any(mark.critical and not mark.correct for mark in marks)
    reached = maximum > 0 and points * 100 >= pass_percent * maximum
    return Outcome(
        points=points,
        maximum=maximum,
        percent=points * 100 // maximum if maximum else 0,
        passed=reached and not critical_missed,
        critical_missed=critical_missed,
    )
