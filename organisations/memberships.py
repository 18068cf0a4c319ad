"""How people come into an organisation, move in it, and leave it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction

from tutela.accounts.models import log_event

from .founding import ForeignUnitError
from .mails import send_invitation
from .models import Invitation, Membership

if TYPE_CHECKING:
    from datetime import datetime

    from tutela.accounts.models import User

    from .models import Organisation, Unit

INVITATION_LASTS = timedelta(days=30)
# An invitation that came to nothing is an address that nobody needs any more.
INVITATION_KEPT = timedelta(days=90)


class AddressMismatchError(ValueError):
    """None of the person's confirmed addresses is the one that was invited."""


class InvitationClosedError(ValueError):
    """The invitation was accepted, was withdrawn or has expired."""


class AlreadyMemberError(ValueError):
    """The person is a member of this organisation already."""


class StaffNumberTakenError(ValueError):
    """Another member has this staff number already."""


class MembershipOverError(ValueError):
    """The membership has ended."""


def invite(
    unit: Unit, *, email: str, staff_number: str = "", by: User, at: datetime, language: str
) -> Invitation:
    """Return the one open invitation of this address, made or renewed, and send it by mail.

    It is silent on whether the address has an account or a membership: the answer would tell the
    inviter more about a person than the organisation may know.
    """
    _refuse_taken(unit.organisation, staff_number=staff_number)
    with transaction.atomic():
        invitation, made = Invitation.objects.select_for_update().update_or_create(
            organisation=unit.organisation,
            email=email.strip().lower(),
            accepted_at=None,
            withdrawn_at=None,
            defaults={
                "unit": unit,
                "staff_number": staff_number,
                "language": language,
                "invited_by": by,
                "invited_at": at,
                "expires_at": at + INVITATION_LASTS,
            },
            create_defaults={
                "unit": unit,
                "staff_number": staff_number,
                "language": language,
                "token": secrets.token_urlsafe(32),
                "invited_by": by,
                "invited_at": at,
                "expires_at": at + INVITATION_LASTS,
            },
        )
        _log_invitation("invitation.sent" if made else "invitation.sent_again", invitation, at, by)
        transaction.on_commit(partial(send_invitation, invitation.pk))
    return invitation


def withdraw(invitation: Invitation, *, at: datetime, by: User) -> None:
    """Close an invitation that nobody accepted; one that is closed stays as it is."""
    with transaction.atomic():
        withdrawn = Invitation.objects.filter(
            pk=invitation.pk, accepted_at=None, withdrawn_at=None
        ).update(withdrawn_at=at)
        if withdrawn:
            _log_invitation("invitation.withdrawn", invitation, at, by)


def answers_to(person: User, *, email: str) -> bool:
    """Return whether this is one of the person's confirmed addresses."""
    addresses = EmailAddress.objects.filter(user=person, verified=True, email__iexact=email)
    return bool(addresses.exists())


def accept_invitation(
    invitation: Invitation, *, person: User, name: str, at: datetime
) -> Membership:
    """Return the membership that the invited person enters, by the name her employer knows.

    Raises `AddressMismatchError`, `InvitationClosedError`, `AlreadyMemberError` or
    `StaffNumberTakenError`.
    """
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if not answers_to(person, email=locked.email):
            raise AddressMismatchError
        if not locked.is_open(at=at):
            raise InvitationClosedError
        membership = join(
            person, unit=locked.unit, name=name, staff_number=locked.staff_number, at=at
        )
        locked.accepted_at = at
        locked.save(update_fields=["accepted_at"])
    return membership


def join(
    person: User, *, unit: Unit, name: str, staff_number: str = "", at: datetime
) -> Membership:
    """Return a new membership. Raises `AlreadyMemberError` or `StaffNumberTakenError`."""
    organisation = unit.organisation
    if organisation.memberships.active(at=at).filter(person=person).exists():
        raise AlreadyMemberError
    _refuse_taken(organisation, staff_number=staff_number)
    with transaction.atomic():
        membership = Membership.objects.create(
            person=person,
            organisation=organisation,
            unit=unit,
            name=name,
            staff_number=staff_number,
            since=at,
        )
        _log_membership("membership.began", membership, at=at, by=person)
    return membership


def leave(membership: Membership, *, at: datetime) -> None:
    """End the membership because its own person leaves; what was recorded stays recorded."""
    _close(membership, kind="membership.left", at=at, by=membership.person)


def end_membership(membership: Membership, *, by: User, at: datetime) -> None:
    """End the membership because the organisation says so; what was recorded stays recorded."""
    _close(membership, kind="membership.ended", at=at, by=by)


def move(membership: Membership, *, unit: Unit, at: datetime, by: User) -> Membership:
    """Return the membership in the new unit, which begins at the instant the old one ends.

    Raises `ForeignUnitError` or `MembershipOverError`. A move to the same unit changes nothing.
    """
    if unit.organisation_id != membership.organisation_id:
        raise ForeignUnitError
    if unit.pk == membership.unit_id:
        return membership
    with transaction.atomic():
        _close(membership, kind="membership.moved", at=at, by=by)
        return Membership.objects.create(
            person_id=membership.person_id,
            organisation_id=membership.organisation_id,
            unit=unit,
            name=membership.name,
            staff_number=membership.staff_number,
            since=at,
        )


def remove_old_invitations(*, at: datetime) -> int:
    """Delete invitations that were closed long ago, with their addresses, and return how many."""
    removed, _ = Invitation.objects.filter(expires_at__lt=at - INVITATION_KEPT).delete()
    return removed


def _refuse_taken(organisation: Organisation, *, staff_number: str) -> None:
    taken = organisation.memberships.filter(until__isnull=True, staff_number=staff_number)
    if staff_number and taken.exists():
        raise StaffNumberTakenError


def _close(membership: Membership, *, kind: str, at: datetime, by: User | None) -> None:
    """Set the end of an open membership, once: of two who close it, the second is told."""
    with transaction.atomic():
        if not Membership.objects.filter(pk=membership.pk, until__isnull=True).update(until=at):
            raise MembershipOverError
        _log_membership(kind, membership, at=at, by=by)


def _log_membership(kind: str, membership: Membership, *, at: datetime, by: User | None) -> None:
    log_event(
        kind,
        subject=f"membership {membership.pk}",
        at=at,
        actor=by,
        organisation=membership.organisation_id,
        unit=membership.unit_id,
    )


def _log_invitation(kind: str, invitation: Invitation, at: datetime, by: User) -> None:
    log_event(
        kind,
        subject=f"invitation {invitation.pk}",
        at=at,
        actor=by,
        organisation=invitation.organisation_id,
        unit=invitation.unit_id,
    )
