"""What the CMS refuses to save of a lesson (W1, W3)."""

from __future__ import annotations

from typing import Any

import pytest
from django.forms import model_to_dict

from courses.editing import CARE_MISSING, NOTE_TOO_LONG
from courses.models import LessonPage

PROSE = '{"blocks": [{"key": "a", "text": "%s", "type": "unstyled"}], "entityMap": {}}'


def care_of_form(**values: Any) -> dict[str, list[str]]:
    """Return what the form of a lesson complains of in what it says before and instead."""
    lesson = LessonPage.objects.filter(locale__language_code="en").first()
    assert lesson is not None
    form_class = LessonPage.get_edit_handler().get_form_class()
    names = ("title", "slug", "code", "objective")
    values |= {"minutes": 8, "body-count": 0}
    data = {**model_to_dict(lesson, fields=names), **values}
    form = form_class(data, instance=lesson, parent_page=lesson.get_parent())
    return {
        name: form.errors[name] for name in ("content_note", "short_version") if name in form.errors
    }


MISSING, LONG = [str(CARE_MISSING)], [NOTE_TOO_LONG % {"words": 60}]


@pytest.mark.parametrize(
    ("sensitive", "note", "short", "errors"),
    [
        (True, "About a topic.", "The points.", {}),
        (True, "", "The points.", {"content_note": MISSING}),
        (True, "About a topic.", " ", {"short_version": MISSING}),
        (True, "word " * 60, "The points.", {}),
        (False, "", "", {}),
        (False, "word " * 61, "", {"content_note": LONG}),
    ],
)
def test_a_sensitive_lesson_needs_a_short_note_and_a_short_version(
    curriculum: None, sensitive: bool, note: str, short: str, errors: dict[str, list[str]]
) -> None:
    found = care_of_form(
        sensitive="on" if sensitive else "", content_note=note, short_version=PROSE % short
    )
    assert found == errors
