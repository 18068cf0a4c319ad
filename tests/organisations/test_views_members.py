"""What members see and do."""

from __future__ import annotations

import pytest
from django.test import Client

from organisations.models import Invitation, Membership, Record
from organisations.records import record_completion
from tests.organisations.rows import (
    LATER,
    Place,
    certify,
    enter,
    make_member,
    make_person,
    person_of,
)
from tests.organisations.visits import BASE, invite_lines, read_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(manager: Client) -> Invitation:
    invite_lines(manager, "anna@example.org;12")
    return Invitation.objects.get()


def test_a_visitor_reads_what_the_organisation_will_see(invitation: Invitation) -> None:
    page = enter(None).get(f"{BASE}/join/{invitation.token}/").content.decode()

    assert "<bdi>Organisation first</bdi> invites you" in page
    assert "It never sees your answers, your attempts, your scores or how long you took." in page
    assert f"/accounts/login/?next={BASE}/join/{invitation.token}/" in page


def test_the_invited_person_joins(invitation: Invitation) -> None:
    anna = make_person("anna@example.org", name="Anna Example")
    client = enter(anna)
    path = f"{BASE}/join/{invitation.token}/"

    assert client.get(path).context["form"].initial == {"name": "Anna Example"}
    assert Membership.objects.count() == 0
    assert client.post(path, {"name": "A. Example"}).status_code == 303
    assert Membership.objects.get().name == "A. Example"
    assert client.get(path).status_code == 410


def test_a_name_is_needed_to_join(invitation: Invitation) -> None:
    response = enter(make_person("anna@example.org")).post(
        f"{BASE}/join/{invitation.token}/", {"name": " "}
    )

    assert response.status_code == 422
    assert "<title>Error: Invitation" in response.content.decode()


def test_somebody_else_cannot_join(invitation: Invitation) -> None:
    response = enter(make_person("bert@example.org")).post(
        f"{BASE}/join/{invitation.token}/", {"name": "Bert"}
    )

    assert response.status_code == 403
    assert Membership.objects.count() == 0


def test_a_visitor_cannot_join(invitation: Invitation) -> None:
    enter(None).post(f"{BASE}/join/{invitation.token}/", {"name": "Anna"})

    assert Membership.objects.count() == 0


def test_an_unknown_invitation_is_not_found(place: Place) -> None:
    assert enter(None).get(f"{BASE}/join/unknown/").status_code == 404


def test_a_member_finds_her_organisation_and_leaves_it(place: Place) -> None:
    member = make_member(place.north)
    client = enter(member.person)

    assert "Organisation first" in client.get(f"{BASE}/").content.decode()
    assert client.post(f"{BASE}/first/leave/").status_code == 303
    assert Membership.objects.get().until is not None
    assert client.get(f"{BASE}/first/leave/").status_code == 404


def test_a_manager_finds_the_organisation(manager: Client) -> None:
    assert 'href="/en/organisations/first/"' in manager.get(f"{BASE}/").content.decode()


def test_who_belongs_nowhere_is_told_how_to_join() -> None:
    page = enter(make_person("anna@example.org")).get(f"{BASE}/").content.decode()

    assert "ask its training manager to invite you" in page


def test_what_she_completes_after_leaving_is_not_exported(place: Place, manager: Client) -> None:
    member = make_member(place.north)
    certify(person_of(member), course="before")
    enter(member.person).post(f"{BASE}/first/leave/")
    late = certify(person_of(member), course="after", at=Membership.objects.get().until or LATER)
    record_completion(late, at=late.issued_at)

    rows = read_csv(manager.get(f"{BASE}/first/records/export.csv"))

    assert [row[4] for row in rows] == ["Course code", "before"]
    assert Record.objects.count() == 1
