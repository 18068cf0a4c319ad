"""Who gets in, and how far."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from organisations.founding import appoint
from organisations.models import Invitation, Membership, Role
from tests.organisations.rows import (
    LATER,
    LONG_AGO,
    Place,
    auditor_of,
    enter,
    make_member,
    make_person,
    make_record,
    person_of,
)
from tests.organisations.visits import BASE, LISTS, read_csv
from tests.people import signed_in
from tutela.accounts.models import Event, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["", *LISTS])
def test_a_manager_is_let_in(manager: Client, address: str) -> None:
    response = manager.get(f"{BASE}/first/{address}")
    response.close()

    assert response.status_code == 200


@pytest.mark.parametrize("address", ["", *LISTS])
def test_a_visitor_is_asked_to_sign_in(place: Place, address: str) -> None:
    response = enter(None).get(f"{BASE}/first/{address}")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("address", ["", *LISTS])
@pytest.mark.parametrize("role", ["member", "other manager", "past manager", "superuser"])
def test_a_stranger_is_told_that_there_is_nothing(
    place: Place, other: Place, role: str, address: str
) -> None:
    person = other.manager
    if role == "member":
        person = person_of(make_member(place.north))
    if role == "past manager":
        person = place.manager
        place.organisation.appointments.update(until=LATER)
    if role == "superuser":
        person = User.objects.create_superuser("root@example.org")

    assert enter(person).get(f"{BASE}/first/{address}").status_code == 404


@pytest.mark.parametrize(("address", "status"), [("", 200), *((name, 404) for name in LISTS)])
def test_an_auditor_sees_the_overview_alone(place: Place, address: str, status: int) -> None:
    response = enter(auditor_of(place.root)).get(f"{BASE}/first/{address}")

    assert response.status_code == status


def test_an_auditor_reads_no_name(place: Place) -> None:
    for number in range(6):
        make_record(place.north, number=number)

    page = enter(auditor_of(place.root)).get(f"{BASE}/first/").content.decode()

    assert "Person" not in page
    assert "5 members today." in page


def test_a_manager_without_second_factor_is_sent_to_set_one_up(
    place: Place, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True

    response = signed_in(place.manager, second_factor=False).get(f"{BASE}/first/records/")

    assert response.status_code == 303
    assert response.headers["Location"].startswith("/accounts/2fa/")


@pytest.mark.parametrize("address", ["members/{}/move/", "members/{}/end/"])
def test_a_member_of_another_organisation_is_out_of_reach(
    manager: Client, other: Place, address: str
) -> None:
    theirs = make_member(other.north)
    path = f"{BASE}/first/{address.format(theirs.pk)}"

    assert manager.get(path).status_code == 404
    assert manager.post(path, {"unit": "S"}).status_code == 404
    assert Membership.objects.get().until is None


def test_a_member_of_another_unit_is_out_of_reach(place: Place) -> None:
    member = make_member(place.north)
    southern = make_person("south@example.org")
    appoint(southern, unit=place.south, role=Role.MANAGER, at=LONG_AGO)
    path = f"{BASE}/first/members/{member.pk}/end/"

    assert enter(southern).post(path).status_code == 404


def test_an_invitation_of_another_organisation_is_out_of_reach(
    manager: Client, other: Place
) -> None:
    theirs = Invitation.objects.create(
        organisation=other.organisation,
        unit=other.north,
        email="b@example.org",
        language="en",
        token="t",  # noqa: S106  (of an invitation)
        invited_by=other.manager,
        invited_at=LONG_AGO,
        expires_at=LATER.replace(year=2099),
    )

    response = manager.post(f"{BASE}/first/invitations/{theirs.pk}/withdraw/")

    assert response.status_code == 404
    assert Invitation.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    "query",
    [
        "course=theirs",
        "unit=THEIRS",
        "unit=N&unit=THEIRS",
        "organisation=second",
        "org=2",
        "from=yesterday",
        "until=2026-02-30",
        "from=2026-03-02&until=2026-03-01",
    ],
)
@pytest.mark.parametrize("page", ["records/", "records/export.csv", "records/export.xlsx"])
def test_a_filter_that_is_not_hers_refuses_the_whole_request(
    place: Place, other: Place, manager: Client, page: str, query: str
) -> None:
    make_record(place.north, number=1)
    other.north.code = "THEIRS"
    other.north.save()
    make_record(other.north, number=2, course="theirs")

    response = manager.get(f"{BASE}/first/{page}?{query}")

    assert response.status_code == 422
    assert "<title>Error: " in response.content.decode()
    assert "Person" not in response.content.decode()
    assert not Event.objects.filter(kind="records.export_asked").exists()


def test_a_unit_outside_her_part_is_refused(place: Place) -> None:
    northern = make_person("north@example.org")
    appoint(northern, unit=place.north, role=Role.MANAGER, at=LONG_AGO)
    make_record(place.south, number=1)
    make_record(place.harbour, number=2)
    client = enter(northern)

    assert client.get(f"{BASE}/first/records/?unit=S").status_code == 422
    rows = read_csv(client.get(f"{BASE}/first/records/export.csv"))
    assert [row[1] for row in rows[1:]] == ["Person 2"]


@pytest.mark.parametrize(
    ("address", "status"),
    [("leave/", 200), ("members/{}/move/", 200), ("members/{}/end/", 200)],
)
def test_looking_changes_nothing(place: Place, address: str, status: int) -> None:
    member = make_member(place.north)
    person = member.person if address == "leave/" else place.manager

    response = enter(person).get(f"{BASE}/first/{address.format(member.pk)}")

    assert response.status_code == status
    assert Membership.objects.get().until is None
