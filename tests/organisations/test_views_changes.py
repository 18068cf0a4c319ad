"""What managers change."""

from __future__ import annotations

import pytest
from django.test import Client

from organisations.models import Invitation, Membership
from tests.organisations.rows import (
    Place,
    make_member,
)
from tests.organisations.visits import BASE, invite_lines

pytestmark = pytest.mark.django_db


def test_many_are_invited_at_once(place: Place, manager: Client) -> None:
    response = invite_lines(manager, "a@example.org\n\n B@example.org ; 12 \n")

    assert response.status_code == 303
    rows = Invitation.objects.order_by("email").values_list(
        "email", "staff_number", "unit__code", "language", "invited_by"
    )
    assert list(rows) == [
        ("a@example.org", "", "N", "fr", place.manager.pk),
        ("b@example.org", "12", "N", "fr", place.manager.pk),
    ]


def test_every_wrong_line_is_named_and_everything_typed_is_kept(
    place: Place, manager: Client
) -> None:
    make_member(place.north, number="7")
    typed = "good@example.org\nnot an address\ngood@example.org;1\nx@example.org;1\ny@example.org;1"

    response = invite_lines(manager, typed, unit="S")

    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors == {
        "lines": [
            "Line 2: “not an address” is not an e-mail address.",
            "Line 3: “good@example.org” stands here a second time.",
            "Line 5: “1” stands here a second time.",
        ]
    }
    page = response.content.decode()
    assert typed in page
    assert '<option value="S" selected>' in page
    assert Invitation.objects.count() == 0


def test_all_are_invited_or_none(place: Place, manager: Client) -> None:
    make_member(place.north, number="7")

    response = invite_lines(manager, "a@example.org\nb@example.org;7")

    assert response.context["form"].errors == {
        "lines": ["Line 2: another member has the staff number 7."]
    }
    assert Invitation.objects.count() == 0


def test_nobody_is_invited_into_a_unit_that_is_not_hers(manager: Client, other: Place) -> None:
    other.north.code = "THEIRS"
    other.north.save()

    response = invite_lines(manager, "a@example.org", unit="THEIRS")

    assert response.status_code == 422


def test_too_many_lines_are_refused(manager: Client) -> None:
    lines = "\n".join(f"p{number}@example.org" for number in range(201))

    assert invite_lines(manager, lines).status_code == 422


def test_an_invitation_is_withdrawn(manager: Client) -> None:
    invite_lines(manager, "a@example.org")
    path = f"{BASE}/first/invitations/{Invitation.objects.get().pk}/withdraw/"

    assert manager.get(path).status_code == 405
    assert manager.post(path).status_code == 303
    assert Invitation.objects.get().withdrawn_at is not None


def test_a_manager_moves_and_ends_a_membership(place: Place, manager: Client) -> None:
    member = make_member(place.north)

    moved = manager.post(f"{BASE}/first/members/{member.pk}/move/", {"unit": "S"})
    now_there = Membership.objects.get(unit=place.south)
    ended = manager.post(f"{BASE}/first/members/{now_there.pk}/end/")

    assert (moved.status_code, ended.status_code) == (303, 303)
    assert not Membership.objects.filter(until__isnull=True).exists()


def test_a_move_to_nowhere_is_an_error(place: Place, manager: Client) -> None:
    member = make_member(place.north)

    response = manager.post(f"{BASE}/first/members/{member.pk}/move/", {"unit": ""})

    assert response.status_code == 422
