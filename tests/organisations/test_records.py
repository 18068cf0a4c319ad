from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from certificates.issuing import issue_certificate, revoke_certificate
from organisations.memberships import join, leave, move
from organisations.models import EventKind, Membership, Record, RecordEvent
from organisations.records import end_retention, record_completion
from tests.organisations.rows import (
    AT,
    LATER,
    LONG_AGO,
    Place,
    certify,
    make_completion,
    make_member,
    make_person,
    make_place,
    make_record,
    person_of,
)
from tutela.accounts.models import Event, PermanentRowError

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


def test_a_record_is_frozen_as_everything_was(place: Place) -> None:
    member = make_member(place.harbour, name="Anna Example", number="7")

    certificate = certify(person_of(member))

    record = Record.objects.values().get()
    assert record == {
        "id": record["id"],
        "organisation_id": place.organisation.pk,
        "membership_id": member.pk,
        "unit_id": place.harbour.pk,
        "unit_code": "NH",
        "unit_name": "Harbour",
        "person_name": "Anna Example",
        "staff_number": "7",
        "course_code": "foundation",
        "course_title": "The first safe adult",
        "release_number": 1,
        "language": "en",
        "reviewed": False,
        "how": "completed",
        "completed_on": date(2026, 3, 2),
        "expires_on": date(2029, 3, 2),
        "certificate_code": certificate.code,
        "recorded_at": AT,
    }


@pytest.mark.parametrize(
    ("language", "titles", "title"),
    [
        ("fr", {"en": "Policing", "fr": "Police"}, "Police"),
        ("fr", {"en": "Policing"}, "Policing"),
        ("fr", {"de": "Polizei"}, "foundation"),
    ],
)
def test_the_title_is_in_the_organisations_language(
    language: str, titles: dict[str, str], title: str
) -> None:
    place = make_place(language=language)
    completion = make_completion(person_of(make_member(place.north)), titles=titles)

    issue_certificate(completion, at=AT)

    assert Record.objects.get().course_title == title


@pytest.mark.parametrize(
    ("zone", "completed_on", "expires_on"),
    [
        ("UTC", date(2026, 3, 2), date(2029, 3, 2)),
        ("Europe/Warsaw", date(2026, 3, 3), date(2029, 3, 3)),
        ("America/New_York", date(2026, 3, 2), date(2029, 3, 2)),
    ],
)
def test_days_are_those_of_the_organisations_zone(
    zone: str, completed_on: date, expires_on: date
) -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    member = make_member(make_place(time_zone=zone).north)

    certify(person_of(member), at=late)

    record = Record.objects.get()
    assert (record.completed_on, record.expires_on) == (completed_on, expires_on)


def test_a_repeated_call_adds_nothing(place: Place) -> None:
    certificate = certify(person_of(make_member(place.north)))

    again = record_completion(certificate, at=LATER)

    assert list(again) == list(Record.objects.all())
    assert Record.objects.count() == 1


def test_each_organisation_has_its_own_copy(place: Place) -> None:
    other = make_place("second", language="fr")
    person = person_of(make_member(place.north))
    join(person, unit=other.south, name="A. Example", at=LONG_AGO)

    certify(person)

    copies = Record.objects.order_by("pk").values_list("organisation__slug", "course_title")
    assert list(copies) == [("first", TITLE_EN), ("second", TITLE_FR)]


TITLE_EN, TITLE_FR = "The first safe adult", "Le premier adulte sûr"


def test_who_is_no_member_leaves_no_record(place: Place) -> None:
    certify(make_person("anna@example.org"))

    assert Record.objects.count() == 0


def test_what_came_before_joining_is_no_record(place: Place) -> None:
    person = make_person("anna@example.org")
    certify(person, course="before")
    join(person, unit=place.north, name="Anna", at=LATER)
    certify(person, course="after", at=LATER)

    assert list(Record.objects.values_list("course_code", flat=True)) == ["after"]


def test_who_leaves_keeps_what_was_recorded_and_adds_nothing(place: Place) -> None:
    member = make_member(place.north)
    person = person_of(member)
    certify(person, course="before")

    leave(member, at=LATER)
    certify(person, course="after", at=LATER)

    assert list(Record.objects.values_list("course_code", flat=True)) == ["before"]


def test_a_move_changes_the_next_record_and_not_the_last(place: Place) -> None:
    member = make_member(place.north)
    certify(person_of(member), course="before")
    move(member, unit=place.south, at=LATER, by=place.manager)
    certify(person_of(member), course="after", at=LATER)

    units = Record.objects.order_by("pk").values_list("course_code", "unit_code")
    assert list(units) == [("before", "N"), ("after", "S")]


def test_a_record_is_neither_changed_nor_deleted(place: Place) -> None:
    record = make_record(place.north)
    record.person_name = "Somebody"

    for forbidden in (record.save, record.delete, Record.objects.all().delete):
        with pytest.raises(PermanentRowError):
            forbidden()
    assert Record.objects.get().person_name == "Person 1"


def test_a_revoked_certificate_is_noted_on_every_record(place: Place) -> None:
    other = make_place("second")
    person = person_of(make_member(place.north))
    join(person, unit=other.north, name="Anna", at=LONG_AGO)
    certificate = certify(person)

    revoke_certificate(certificate, by=place.manager, reason="Issued by mistake", at=LATER)

    events = RecordEvent.objects.values_list("kind", "at", "note")
    assert list(events) == [(EventKind.REVOKED, LATER, "")] * 2
    assert list(Record.objects.current(on=date(2026, 4, 1))) == []


def test_a_renewal_replaces_the_older_record(place: Place) -> None:
    person = person_of(make_member(place.north))
    older = certify(person)
    certify(person, at=LATER)

    event = RecordEvent.objects.select_related("record").get()
    assert (event.kind, event.record.certificate_code) == (EventKind.SUPERSEDED, older.code)


def test_records_end_with_the_organisations_retention(place: Place) -> None:
    record = make_record(place.north)
    RecordEvent.objects.create(record=record, kind=EventKind.REVOKED, at=AT)
    last_day = datetime(2030, 3, 2, 12, tzinfo=UTC)

    assert end_retention(at=last_day) == 0
    assert end_retention(at=last_day + timedelta(days=1)) == 1
    assert (Record.objects.count(), RecordEvent.objects.count()) == (0, 0)
    line = Event.objects.get(kind="records.retention_ended")
    assert line.data == {"records": 1, "memberships": 0}


def test_what_never_expires_is_kept_while_she_is_a_member(place: Place) -> None:
    member = make_member(place.north)
    certify(person_of(member), expires_on=None)
    moved = move(member, unit=place.south, at=LATER, by=place.manager)

    assert end_retention(at=LATER + timedelta(days=3650)) == 0
    leave(moved, at=LATER + timedelta(days=3650))
    assert end_retention(at=LATER + timedelta(days=3650 + 360)) == 0
    assert end_retention(at=LATER + timedelta(days=3650 + 370)) == 1


def test_a_forgotten_membership_goes_when_its_records_are_gone(place: Place) -> None:
    member = make_member(place.north)
    certify(person_of(member))
    leave(member, at=LATER)

    end_retention(at=LATER + timedelta(days=500))
    assert Membership.objects.count() == 1
    end_retention(at=datetime(2030, 4, 1, tzinfo=UTC))
    assert Membership.objects.count() == 0


def test_retention_touches_no_other_organisation(place: Place) -> None:
    other = make_place("second")
    other.organisation.retention_months = 24
    other.organisation.save()
    make_record(place.north)
    kept = make_record(other.north, number=2)

    end_retention(at=datetime(2030, 6, 1, tzinfo=UTC))

    assert list(Record.objects.all()) == [kept]
