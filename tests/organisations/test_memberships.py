from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from pytest_django import DjangoCaptureOnCommitCallbacks

from organisations.founding import ForeignUnitError
from organisations.memberships import (
    AddressMismatchError,
    AlreadyMemberError,
    InvitationClosedError,
    MembershipOverError,
    StaffNumberTakenError,
    accept_invitation,
    end_membership,
    invite,
    join,
    leave,
    move,
    remove_old_invitations,
    withdraw,
)
from organisations.models import Invitation, Membership
from tests.organisations.rows import (
    AT,
    LATER,
    LONG_AGO,
    Place,
    make_member,
    make_person,
    make_place,
    person_of,
)
from tutela.accounts.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


def invited(place: Place, email: str = "anna@example.org", number: str = "") -> Invitation:
    return invite(
        place.north, email=email, staff_number=number, by=place.manager, at=AT, language="en"
    )


def test_an_invitation_is_sent_on_commit(
    place: Place, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invited(place, "Anna@Example.org ")

    [letter] = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    assert letter.subject == "Your training at Organisation first"
    assert letter.to == ["anna@example.org"]
    assert f"/en/organisations/join/{invitation.token}/" in letter.body
    assert [kind for _text, kind in letter.alternatives] == ["text/html"]


def test_the_mail_speaks_the_language_of_the_invitation(
    place: Place, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invite(place.north, email="b@example.org", by=place.manager, at=AT, language="fr")

    assert "/fr/organisations/join/" in mail.outbox[0].body


def test_an_address_has_one_open_invitation(place: Place) -> None:
    first = invited(place)

    again = invite(place.south, email="ANNA@example.org", by=place.manager, at=LATER, language="fr")

    assert again.pk == first.pk
    assert (again.unit, again.language, again.token) == (place.south, "fr", first.token)
    assert again.expires_at == LATER + timedelta(days=30)


def test_a_withdrawn_invitation_can_be_followed_by_another(place: Place) -> None:
    first = invited(place)
    withdraw(first, at=AT, by=place.manager)

    second = invited(place)

    assert second.pk != first.pk
    assert Invitation.objects.open(at=AT).get() == second


def test_the_log_names_nobody(place: Place) -> None:
    invited(place)

    line = Event.objects.get(kind="invitation.sent")
    assert line.actor == place.manager
    assert line.data == {"organisation": place.organisation.pk, "unit": place.north.pk}


def test_the_invited_person_becomes_a_member(place: Place) -> None:
    invitation = invited(place, number="12")
    anna = make_person("anna@example.org")

    membership = accept_invitation(invitation, person=anna, name="A. Example", at=LATER)

    assert (membership.person, membership.unit, membership.name) == (
        anna,
        place.north,
        "A. Example",
    )
    assert (membership.staff_number, membership.since, membership.until) == ("12", LATER, None)
    assert Invitation.objects.get().accepted_at == LATER


def test_a_second_confirmed_address_counts(place: Place) -> None:
    invitation = invited(place, "work@example.org")
    anna = make_person("anna@example.org")
    EmailAddress.objects.create(user=anna, email="Work@example.org", verified=True)

    assert accept_invitation(invitation, person=anna, name="Anna", at=AT).person == anna


@pytest.mark.parametrize("verified", [True, False])
def test_somebody_else_cannot_accept(place: Place, verified: bool) -> None:
    invitation = invited(place, "work@example.org")
    bert = make_person("bert@example.org")
    if not verified:
        EmailAddress.objects.create(user=bert, email="work@example.org", verified=False)

    with pytest.raises(AddressMismatchError):
        accept_invitation(invitation, person=bert, name="Bert", at=AT)
    assert Membership.objects.count() == 0


@pytest.mark.parametrize("end", ["accepted", "withdrawn", "expired"])
def test_a_closed_invitation_cannot_be_accepted(place: Place, end: str) -> None:
    invitation, anna = invited(place), make_person("anna@example.org")
    at = AT + timedelta(days=30) if end == "expired" else AT
    if end == "withdrawn":
        withdraw(invitation, at=AT, by=place.manager)
    if end == "accepted":
        leave(accept_invitation(invitation, person=anna, name="Anna", at=AT), at=AT)

    with pytest.raises(InvitationClosedError):
        accept_invitation(invitation, person=anna, name="Anna", at=at)


def test_nobody_is_a_member_twice(place: Place) -> None:
    anna = person_of(make_member(place.north))

    with pytest.raises(AlreadyMemberError):
        join(anna, unit=place.south, name="Anna", at=AT)


def test_a_staff_number_belongs_to_one_member(place: Place) -> None:
    make_member(place.north, number="7")

    with pytest.raises(StaffNumberTakenError):
        invited(place, "bert@example.org", number="7")
    with pytest.raises(StaffNumberTakenError):
        join(make_person("c@example.org"), unit=place.north, name="C", staff_number="7", at=AT)


def test_who_left_may_come_back_with_the_same_number(place: Place) -> None:
    membership = make_member(place.north, number="7")
    leave(membership, at=AT)

    again = join(person_of(membership), unit=place.south, name="Anna", staff_number="7", at=LATER)

    assert list(Membership.objects.active(at=LATER)) == [again]


def test_a_membership_holds_from_its_first_instant_to_before_its_last(place: Place) -> None:
    membership = make_member(place.north)
    leave(membership, at=AT)

    instants = [LONG_AGO - timedelta(seconds=1), LONG_AGO, AT - timedelta(seconds=1), AT]
    held = [Membership.objects.active(at=instant).exists() for instant in instants]

    assert held == [False, True, True, False]


def test_a_membership_ends_once(place: Place) -> None:
    membership = make_member(place.north)
    end_membership(membership, by=place.manager, at=AT)

    with pytest.raises(MembershipOverError):
        leave(membership, at=LATER)
    assert Membership.objects.get().until == AT
    assert Event.objects.get(kind="membership.ended").actor == place.manager


def test_a_move_closes_one_row_and_opens_the_next(place: Place) -> None:
    membership = make_member(place.north, number="7")

    moved = move(membership, unit=place.south, at=AT, by=place.manager)

    rows = Membership.objects.order_by("pk").values_list("unit", "since", "until", "staff_number")
    assert list(rows) == [
        (place.north.pk, LONG_AGO, AT, "7"),
        (place.south.pk, AT, None, "7"),
    ]
    assert moved.person == membership.person


def test_a_move_to_the_same_unit_changes_nothing(place: Place) -> None:
    membership = make_member(place.north)

    assert move(membership, unit=place.north, at=AT, by=place.manager) == membership
    assert Membership.objects.count() == 1


def test_nobody_moves_into_another_organisation(place: Place) -> None:
    other = make_place("second")

    with pytest.raises(ForeignUnitError):
        move(make_member(place.north), unit=other.north, at=AT, by=place.manager)


def test_old_invitations_go_with_their_addresses(place: Place) -> None:
    invited(place)

    assert remove_old_invitations(at=AT + timedelta(days=119)) == 0
    assert remove_old_invitations(at=AT + timedelta(days=121)) == 1
    assert Invitation.objects.count() == 0
