from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries

from certificates.issuing import revoke_certificate
from organisations import overview as overview_module
from organisations.founding import appoint
from organisations.memberships import leave, move
from organisations.models import Role
from organisations.overview import Overview, overview
from organisations.permissions import sight_of
from tests.organisations.rows import (
    AT,
    LATER,
    LONG_AGO,
    Place,
    auditor_of,
    certify,
    make_member,
    make_place,
    make_record,
    person_of,
)
from tutela.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


def seen_by(person: User, place: Place) -> Overview:
    return overview(sight_of(person, place.organisation, at=LATER), at=LATER)


def units(seen: Overview) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(unit.name, unit.people, unit.done) for unit in seen.units]


def test_counts_roll_up_the_tree(place: Place) -> None:
    make_record(place.harbour, number=1)
    make_record(place.north, number=2, course="policing")
    make_member(place.south)

    seen = seen_by(place.manager, place)

    assert (seen.people, seen.is_rounded) == (3, False)
    assert [(line.code, line.done, line.people) for line in seen.courses] == [
        ("foundation", 1, 3),
        ("policing", 1, 3),
    ]
    assert units(seen) == [
        ("Organisation first", 3, (1, 1)),
        ("North", 2, (1, 1)),
        ("Harbour", 1, (1, 0)),
        ("South", 1, (0, 0)),
    ]


def test_two_certificates_of_one_person_count_once(place: Place) -> None:
    member = make_member(place.north)
    certify(person_of(member))
    certify(person_of(member), at=LATER)

    assert [line.done for line in seen_by(place.manager, place).courses] == [1]


def test_only_what_holds_today_counts(place: Place) -> None:
    expired, revoked, left = (
        make_member(place.north, email=f"{n}@x.example", number=str(n)) for n in range(3)
    )
    certify(person_of(expired), expires_on=date(2026, 3, 2))
    gone = certify(person_of(revoked))
    revoke_certificate(gone, by=place.manager, reason="Mistake", at=AT)
    certify(person_of(left))
    leave(left, at=AT)

    seen = seen_by(place.manager, place)

    assert (seen.people, seen.courses) == (2, ())


def test_who_moved_counts_in_the_new_unit(place: Place) -> None:
    member = make_member(place.north)
    certify(person_of(member))
    move(member, unit=place.south, at=AT, by=place.manager)

    assert units(seen_by(place.manager, place))[1:] == [
        ("North", 0, (0,)),
        ("Harbour", 0, (0,)),
        ("South", 1, (1,)),
    ]


def test_an_auditor_sees_multiples_of_five_totals_too(place: Place) -> None:
    for number in range(4):
        make_record(place.harbour, number=number)
    for number in range(4, 8):
        make_record(place.south, number=number)

    seen = seen_by(auditor_of(place.root), place)

    assert (seen.people, seen.is_rounded) == (10, True)
    assert units(seen) == [
        ("Organisation first", 10, (10,)),
        ("North", 5, (5,)),
        ("Harbour", 5, (5,)),
        ("South", 5, (5,)),
    ]


def test_a_course_that_few_completed_is_not_even_named(place: Place) -> None:
    make_record(place.harbour)

    assert seen_by(auditor_of(place.root), place).courses == ()


def test_a_manager_who_audits_the_rest_sees_her_own_exactly(place: Place) -> None:
    for number in range(3):
        make_record(place.harbour, number=number)
    make_record(place.south, number=9)
    auditor = auditor_of(place.root)
    appoint(auditor, unit=place.south, role=Role.MANAGER, at=LONG_AGO)

    seen = seen_by(auditor, place)

    assert (seen.people, seen.is_rounded) == (5, True)
    assert units(seen)[1:] == [("North", 5, (5,)), ("Harbour", 5, (5,)), ("South", 1, (1,))]


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_overview_costs_three_queries(
    place: Place, item_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(item_count):
        make_record(place.harbour, number=number, course=f"course-{number}")
    sight = sight_of(place.manager, place.organisation, at=LATER)

    with django_assert_num_queries(3):
        overview(sight, at=LATER)


def test_other_organisations_do_not_count(place: Place) -> None:
    other = make_place("second")
    make_record(other.north)

    assert seen_by(place.manager, place).people == 0


def test_a_slow_count_is_kept_for_who_sees_the_same(
    place: Place, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(overview_module, "SLOW", 0)
    make_record(place.harbour, number=1)
    first = seen_by(place.manager, place)
    make_record(place.harbour, number=2)
    sight = sight_of(place.manager, place.organisation, at=LATER)

    with django_assert_num_queries(1):
        again = overview(sight, at=LATER + timedelta(minutes=9))

    assert (first, first.people, first.counted_at) == (again, 1, LATER)
    assert seen_by(auditor_of(place.north), place).people == 0  # three people are rounded down
    cache.clear()
    assert seen_by(place.manager, place).people == 2
