"""Where a learner stands in a course. Pure: no Django."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from .outline import QUIZ, Outline, Step

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class Standing:
    """What is done, what is next, and how many minutes are left."""

    outline: Outline
    done: frozenset[str]

    @property
    def next_step(self) -> Step | None:
        """The first step that is not done, or None at the end."""
        return next((step for step in self.outline.steps if step.key not in self.done), None)

    @property
    def minutes_left(self) -> int:
        """The nominal minutes of all steps that are not done."""
        return sum(step.minutes for step in self.outline.steps if step.key not in self.done)

    @property
    def complete(self) -> bool:
        return self.next_step is None

    @property
    def count_done(self) -> int:
        return sum(1 for step in self.outline.steps if step.key in self.done)

    def missing_lessons(self, quiz: Step) -> list[Step]:
        """Return the lessons to read before this quiz opens: those of its module."""
        module = self.outline.module_of(quiz.key)
        steps = module.steps if module else ()
        return [step for step in steps if step.kind != QUIZ and step.key not in self.done]


def standing(outline: Outline, done: Collection[str]) -> Standing:
    """Return where somebody stands who has done these steps; steps out of the release do not count."""
    return Standing(outline=outline, done=frozenset(done))


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
