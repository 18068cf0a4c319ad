"""The outline of a course: what a release stores, and what it says."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from courses.outline import Outline, read_outline

from .scene import sample_outline


def test_an_outline_is_read_as_it_was_stored() -> None:
    stored = json.loads(json.dumps(sample_outline().as_json()))
    assert read_outline(stored) == sample_outline()
    assert read_outline(stored).digest == sample_outline().digest


def test_minutes_and_pass_mark_are_those_of_all_modules() -> None:
    outline = sample_outline()
    assert [part.minutes for part in outline.modules] == [33, 12]
    assert outline.minutes == 45
    assert outline.pass_percent == 80
    assert replace(outline, modules=()).pass_percent == 0


def reordered(outline: Outline) -> Outline:
    return replace(outline, modules=outline.modules[::-1])


def eased(outline: Outline) -> Outline:
    part = outline.modules[1]
    quiz = part.steps[1]
    rule = replace(quiz.rule, pass_percent=60) if quiz.rule else None
    steps = (part.steps[0], replace(quiz, rule=rule))
    return replace(outline, modules=(outline.modules[0], replace(part, steps=steps)))


@pytest.mark.parametrize(
    "change", [reordered, eased, lambda outline: replace(outline, requires=())]
)
def test_the_digest_changes_with_order_rule_and_prerequisites(change: object) -> None:
    assert callable(change)
    assert change(sample_outline()).digest != sample_outline().digest


def test_steps_are_found_by_their_key() -> None:
    outline = sample_outline()
    found = outline.step("b1")
    assert found is not None
    assert found.code == "B1"
    assert outline.step("zz") is None
    assert [part and part.code for part in map(outline.module_of, ("aq", "b1", "zz"))] == [
        "A",
        "B",
        None,
    ]
