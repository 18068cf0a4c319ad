"""What we hold about a learner, and how we let go of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from courses.holding import erase_enrolments, hold_enrolments
from courses.models import Completion, Enrolment, StepProgress
from tutela.accounts.privacy import erase_person, holdings

from .scene import AT, complete, learner, read_lessons

pytestmark = pytest.mark.usefixtures("curriculum")


def test_a_person_gets_her_courses_with_their_dates() -> None:
    person = learner()
    complete(person, "foundation")
    read_lessons(learner("other"), "foundation")
    [held] = json.loads(json.dumps(hold_enrolments(person)))
    assert (held["course"], held["cycle"], held["enrolled_at"]) == ("foundation", 1, AT.isoformat())
    assert held["steps"][0] == {"step": "F1", "done_at": AT.isoformat()}
    assert len(held["steps"]) == 10
    assert (held["completion"]["completed_on"], held["completion"]["release"]) == ("2026-12-01", 1)


def test_what_is_only_begun_has_no_completion() -> None:
    person = learner()
    assert hold_enrolments(person) == []
    read_lessons(person, "policing", but=3)
    [held] = hold_enrolments(person)
    assert [step["step"] for step in held["steps"]] == ["P1", "P2", "P3"]
    assert held["completion"] is None


def test_erasing_leaves_what_is_counted() -> None:
    person, other = learner(), learner("other")
    complete(person, "foundation")
    read_lessons(other, "foundation", but=7)
    erase_enrolments(person, at=AT)
    assert hold_enrolments(person) == []
    assert list(Enrolment.objects.order_by("pk").values_list("person", flat=True)) == [
        None,
        other.pk,
    ]
    assert Completion.objects.filter(person=None, course_code="foundation").count() == 1
    assert StepProgress.objects.count() == 11


def test_the_room_is_asked_when_an_account_is_closed() -> None:
    person = learner()
    complete(person, "foundation")
    assert "enrolments" in {holding.name for holding in holdings()}
    erase_person(person, at=AT + timedelta(days=1))
    assert Enrolment.objects.filter(person=person).exists() is False
    assert Completion.objects.get().person_id is None
