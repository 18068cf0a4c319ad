from __future__ import annotations

import json
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from organisations.holding import erase, hold
from organisations.memberships import invite, move
from organisations.models import Appointment, Invitation, Membership, Record
from organisations.records import end_retention
from tests.organisations.rows import (
    AT,
    LATER,
    Place,
    auditor_of,
    certify,
    make_member,
    make_place,
    person_of,
)
from tutela.accounts.privacy import erase_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


def test_what_is_held_names_whose_the_records_are(place: Place) -> None:
    member = make_member(place.north)
    person = person_of(member)
    certify(person)
    invite(place.south, email=person.email, by=place.manager, at=AT, language="en")

    held = hold(person)

    assert [row["what"] for row in held] == [
        "membership",
        "record of the organisation",
        "invitation",
    ]
    assert (held[1]["organisation"], held[1]["ask"]) == ("Organisation first", "Room 1")
    assert json.loads(json.dumps(held)) == held


def test_nothing_of_others_is_held(place: Place) -> None:
    make_member(place.north)
    stranger = person_of(make_member(place.south, email="bert@example.org", number="8"))

    assert [row["what"] for row in hold(stranger)] == ["membership"]


def test_an_appointment_is_held(place: Place) -> None:
    [row] = hold(auditor_of(place.north))

    assert (row["what"], row["unit"], row["role"]) == ("appointment", "North", "auditor")


def test_erasure_ends_what_is_open_and_takes_the_person_out(place: Place) -> None:
    member = make_member(place.north)
    person = person_of(member)
    EmailAddress.objects.create(user=person, email="work@example.org", verified=True)
    for address in (person.email, "work@example.org", "other@example.org"):
        invite(place.south, email=address, by=place.manager, at=AT, language="en")

    erase_person(person, at=LATER)

    row = Membership.objects.get()
    assert (row.person, row.until, row.name) == (None, LATER, "Anna Example")
    assert [left.email for left in Invitation.objects.all()] == ["other@example.org"]
    assert hold(person) == []


def test_erasure_ends_an_appointment(place: Place) -> None:
    erase(place.manager, at=LATER)

    assert Appointment.objects.get().until == LATER


def test_the_employers_records_stay_until_its_retention_ends(place: Place) -> None:
    first = make_member(place.north)
    person = person_of(first)
    certify(person, expires_on=None)
    second = move(first, unit=place.south, at=LATER, by=place.manager)
    end = LATER + timedelta(days=1000)

    erase(person, at=end)

    record = Record.objects.get()
    assert (record.person_name, record.unit_code, record.membership) == (
        "Anna Example",
        "N",
        second,
    )
    assert end_retention(at=end + timedelta(days=360)) == 0
    assert end_retention(at=end + timedelta(days=370)) == 1
    assert Membership.objects.count() == 0
