from __future__ import annotations

from datetime import UTC, datetime

import pytest

from organisations import checking
from organisations.checking import breaches
from organisations.memberships import leave
from organisations.models import Membership, Record, Unit
from tests.organisations.rows import (
    AT,
    LATER,
    LONG_AGO,
    Place,
    certify,
    make_member,
    make_person,
    make_place,
    make_record,
    person_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


def found() -> list[str]:
    return list(breaches(at=LATER))


def test_a_sound_organisation_has_no_breach(place: Place) -> None:
    make_place("second", time_zone="Asia/Tbilisi")
    member = make_member(place.north)
    certify(person_of(member))
    leave(member, at=LATER)
    certify(person_of(member), course="after", at=LATER)
    certify(make_person("nobody@example.org"))

    assert found() == []


def test_a_missing_record_is_found(place: Place) -> None:
    record = make_record(place.north)
    Record.objects.filter(pk=record.pk).remove_after_retention()

    [line] = found()
    assert line.startswith("organisation first: certificate ")
    assert line.endswith(" has no record")


def test_a_record_whose_retention_ended_is_not_missed(place: Place) -> None:
    record = make_record(place.north)
    Record.objects.filter(pk=record.pk).remove_after_retention()

    assert list(breaches(at=datetime(2031, 1, 1, tzinfo=UTC))) == []


def test_a_record_without_certificate_is_found(place: Place) -> None:
    record = make_record(place.north)
    Record.objects.all().erase(certificate_code="0" * 26)

    assert f"record {record.pk}: its certificate does not exist" in found()


def test_a_record_that_says_something_else_is_found(place: Place) -> None:
    record = make_record(place.north)
    Record.objects.all().erase(release_number=2)

    assert found() == [f"record {record.pk}: it differs from the completion behind its certificate"]


def test_a_unit_of_another_organisation_is_found(place: Place) -> None:
    other = make_place("second")
    member = make_member(place.north)
    Membership.objects.update(unit=other.north)

    assert found() == [f"membership {member.pk}: its unit belongs to another organisation"]


def test_a_unit_in_another_tree_is_found(place: Place) -> None:
    other = make_place("second")
    Unit.objects.filter(pk=place.south.pk).update(organisation=other.organisation, code="X")

    assert found() == ["organisation second: unit X stands in another tree"]


def test_a_second_root_is_found(place: Place) -> None:
    Unit.add_root(organisation=place.organisation, code="X", name="Another")

    assert found() == ["organisation first: its units do not have exactly one root"]


def test_an_export_with_other_lines_than_records_is_found(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_record(place.north)
    monkeypatch.setattr(checking, "write_csv", lambda *args, **kwargs: iter([b"head\n"]))

    assert found() == ["organisation first: 1 records but 0 export lines"]


def test_lines_are_counted_across_chunks_and_quotes(place: Place) -> None:
    member = make_member(place.north, name='Two\nlines, "quoted" é')
    certify(person_of(member), at=AT)

    assert found() == []
    assert list(checking._lines(iter([b"\xc3", b"\xa9\nb", b"\nc"]))) == ["é\n", "b\n", "c"]
    assert member.since == LONG_AGO
