from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from organisations.founding import appoint, end_appointment
from organisations.models import Appointment, Membership, Record, Role
from organisations.permissions import (
    looks_into_an_organisation,
    may_see_counts,
    may_see_people,
    sight_of,
)
from tests.organisations.rows import (
    AT,
    LATER,
    LONG_AGO,
    Place,
    auditor_of,
    make_member,
    make_person,
    make_place,
    make_record,
    person_of,
)
from tutela.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


def units_of(person: User, place: Place) -> list[str]:
    records = Record.objects.visible_to(person, organisation=place.organisation, at=AT)
    return sorted(records.values_list("unit_code", flat=True))


@pytest.mark.parametrize(
    ("unit", "seen"),
    [
        ("root", ["N", "NH", "S", "first"]),
        ("north", ["N", "NH"]),
        ("harbour", ["NH"]),
        ("south", ["S"]),
    ],
)
def test_a_manager_sees_her_unit_and_all_below(place: Place, unit: str, seen: list[str]) -> None:
    for number, where in enumerate((place.root, place.north, place.harbour, place.south)):
        make_record(where, number=number)
    person = make_person("m@example.org")
    appoint(person, unit=getattr(place, unit), role=Role.MANAGER, at=LONG_AGO)

    assert units_of(person, place) == seen


def test_two_appointments_add_up(place: Place) -> None:
    for number, where in enumerate((place.north, place.harbour, place.south)):
        make_record(where, number=number)
    person = make_person("m@example.org")
    Appointment.objects.bulk_create(
        Appointment(
            person=person,
            organisation=place.organisation,
            unit=unit,
            role=Role.MANAGER,
            since=LONG_AGO,
            until=until,
        )
        for unit, until in ((place.harbour, None), (place.south, LATER))
    )

    assert units_of(person, place) == ["NH", "S"]


def test_nobody_else_sees_a_record(place: Place) -> None:
    make_record(place.north)
    other = make_place("second")
    member = person_of(make_member(place.north))
    strangers = [member, auditor_of(place.root), other.manager]

    assert [units_of(person, place) for person in strangers] == [[], [], []]
    anonymous = Record.objects.visible_to(AnonymousUser(), organisation=place.organisation, at=AT)
    assert not anonymous.exists()


def test_a_manager_of_two_organisations_sees_each_by_itself(place: Place) -> None:
    other = make_place("second")
    make_record(place.south, number=1)
    make_record(other.south, number=2)
    appoint(place.manager, unit=other.north, role=Role.MANAGER, at=LONG_AGO)

    assert (units_of(place.manager, place), units_of(place.manager, other)) == (["S"], [])


@pytest.mark.parametrize(("since", "until"), [(LATER, None), (LONG_AGO, AT)])
def test_an_appointment_opens_nothing_before_it_begins_or_after_it_ends(
    place: Place, since: object, until: object
) -> None:
    make_record(place.north)
    Appointment.objects.update(since=since, until=until)

    assert units_of(place.manager, place) == []
    assert not may_see_counts(sight_of(place.manager, place.organisation, at=AT))


def test_an_appointment_ends_once(place: Place) -> None:
    appointment = Appointment.objects.get()

    end_appointment(appointment, at=AT)
    end_appointment(appointment, at=LATER)

    assert Appointment.objects.get().until == AT


def test_members_are_seen_by_the_unit_they_are_in(place: Place) -> None:
    make_member(place.harbour)
    person = make_person("m@example.org")
    appoint(person, unit=place.south, role=Role.MANAGER, at=LONG_AGO)

    def seen_by(who: User) -> int:
        visible = Membership.objects.visible_to(who, organisation=place.organisation, at=AT)
        return visible.count()

    assert (seen_by(place.manager), seen_by(person)) == (1, 0)


def test_an_auditor_sees_counts_and_no_people(place: Place) -> None:
    sight = sight_of(auditor_of(place.north), place.organisation, at=AT)

    assert (may_see_counts(sight), may_see_people(sight)) == (True, False)
    assert [unit.code for unit in sight.units()] == ["N", "NH"]
    assert list(sight.units_with_people()) == []


def test_whoever_looks_into_an_organisation_needs_a_second_factor(place: Place) -> None:
    make_member(place.north)
    auditor = auditor_of(place.north)

    demanded = User.objects.filter(looks_into_an_organisation())
    assert set(demanded) == {place.manager, auditor}
    Appointment.objects.update(until=AT - timedelta(days=700))
    assert set(demanded.all()) == set()
