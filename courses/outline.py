"""The shape of a released course: what counts, in which order. Pure: no Django.

The JSON of `CourseRelease.outline` is written and read here only.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

LESSON, QUIZ = "lesson", "quiz"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a quiz is drawn and passed."""

    bank: str
    draw: int
    pass_percent: int
    critical_minimum: int


@dataclass(frozen=True, slots=True)
class Step:
    """A lesson or a quiz; `digest` fingerprints its source text, `minutes` is its nominal time."""

    key: str
    kind: str
    code: str
    minutes: int
    sensitive: bool = False
    digest: str = ""
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A module: its steps in order, the quiz last."""

    key: str
    code: str
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    @property
    def sensitive(self) -> bool:
        """Whether one of its lessons is, so that its cover needs a content note."""
        return any(step.sensitive for step in self.steps)


@dataclass(frozen=True, slots=True)
class Outline:
    """A course as one release fixed it."""

    key: str
    code: str
    sector: str
    source_locale: str
    requires: tuple[str, ...]
    validity_months: int | None
    modules: tuple[Part, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for module in self.modules for step in module.steps)

    @property
    def minutes(self) -> int:
        return sum(module.minutes for module in self.modules)

    @property
    def pass_percent(self) -> int:
        """The highest pass mark of its quizzes; 0 without a quiz."""
        return max((step.rule.pass_percent for step in self.steps if step.rule), default=0)

    def step(self, key: str) -> Step | None:
        """Return the step with this key, or None where the release does not hold it."""
        return next((step for step in self.steps if step.key == key), None)

    def module_of(self, key: str) -> Part | None:
        """Return the module that holds this step."""
        return next(
            (part for part in self.modules if any(step.key == key for step in part.steps)), None
        )

    def as_json(self) -> dict[str, Any]:
        """Return what `CourseRelease.outline` stores."""
        return asdict(self)

    @property
    def digest(self) -> str:
        """Return the fingerprint of the outline: equal outlines need no new release."""
        canonical = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def read_outline(stored: dict[str, Any]) -> Outline:
    """Return the outline that `as_json` wrote."""
    modules = tuple(
        Part(
            key=part["key"],
            code=part["code"],
            steps=tuple(_read_step(step) for step in part["steps"]),
        )
        for part in stored["modules"]
    )
    return Outline(**{**stored, "requires": tuple(stored["requires"]), "modules": modules})


def _read_step(stored: dict[str, Any]) -> Step:
    rule = Rule(**stored["rule"]) if stored["rule"] else None
    return Step(**{**stored, "rule": rule})
