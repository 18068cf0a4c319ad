"""What this room holds about a person, and how it forgets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from tutela.accounts.models import forget_reasons

from .founding import end_appointment
from .memberships import leave
from .models import Appointment, Invitation, Membership, Record, StoppedInvitations

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from tutela.accounts.models import User


def hold(person: User) -> list[dict[str, Any]]:
    """Return her memberships, with the records that are her employer's; appointments; invitations."""
    memberships = Membership.objects.filter(person=person).select_related("organisation", "unit")
    appointments = Appointment.objects.filter(person=person).select_related("organisation", "unit")
    invitations = _invitations(person).select_related("organisation")
    stopped = StoppedInvitations.objects.filter(_addressed_to(person))
    return [
        *(_membership(row) for row in memberships.order_by("pk")),
        *(_record(row) for row in _records(person)),
        *(
            {
                "what": "appointment",
                "organisation": row.organisation.name,
                "unit": row.unit.name,
                "role": row.role,
                "since": row.since.isoformat(),
                "until": row.until and row.until.isoformat(),
            }
            for row in appointments.order_by("pk")
        ),
        *(
            {
                "what": "invitation",
                "organisation": row.organisation.name,
                "address": row.email,
                "invited_at": row.invited_at.isoformat(),
                "expires_at": row.expires_at.isoformat(),
            }
            for row in invitations.order_by("pk")
        ),
        *(
            {
                "what": "stopped invitations",
                "organisation": row.organisation.name,
                "address": row.email,
                "stopped_at": row.stopped_at.isoformat(),
            }
            for row in stopped.select_related("organisation").order_by("pk")
        ),
    ]


def erase(person: User, *, at: datetime) -> None:
    """End her memberships and appointments and take her out of them; remove her invitations.

    The employer's records stay by the employer's retention. They are led to her last membership,
    for when she is gone nothing else says until when she was a member.
    """
    with transaction.atomic():
        for membership in Membership.objects.filter(person=person, until__isnull=True):
            leave(membership, at=at)
        for appointment in Appointment.objects.filter(person=person, until__isnull=True):
            end_appointment(appointment, at=at)
        appointments = Appointment.objects.filter(person=person).values_list("pk", flat=True)
        forget_reasons(f"appointment {pk}" for pk in appointments)
        last: dict[int, Membership] = {}
        for membership in Membership.objects.filter(person=person).order_by("until", "pk"):
            last[membership.organisation_id] = membership
        for organisation, membership in last.items():
            hers = Record.objects.filter(organisation=organisation, membership__person=person)
            hers.exclude(membership=membership).erase(membership=membership)
        Membership.objects.filter(person=person).update(person=None)
        _invitations(person).delete()
        StoppedInvitations.objects.filter(_addressed_to(person)).delete()


def _addressed_to(person: User) -> Q:
    addresses = EmailAddress.objects.filter(user=person, verified=True).values("email")
    return Q(email__in=addresses) | Q(email=person.email)


def _invitations(person: User) -> QuerySet[Invitation]:
    return Invitation.objects.filter(_addressed_to(person))


def _records(person: User) -> QuerySet[Record]:
    records = Record.objects.filter(membership__person=person)
    return records.select_related("organisation").order_by("pk")


def _membership(row: Membership) -> dict[str, Any]:
    return {
        "what": "membership",
        "organisation": row.organisation.name,
        "unit": row.unit.name,
        "name": row.name,
        "staff_number": row.staff_number,
        "since": row.since.isoformat(),
        "until": row.until and row.until.isoformat(),
    }


def _record(row: Record) -> dict[str, Any]:
    """Return a record, which is the employer's: whom to ask stands beside it."""
    return {
        "what": "record of the organisation",
        "organisation": row.organisation.name,
        "ask": row.organisation.contact or row.organisation.name,
        "name": row.person_name,
        "staff_number": row.staff_number,
        "unit": row.unit_name,
        "course": row.course_title,
        "release": row.release_number,
        "language": row.language,
        "completed_on": row.completed_on.isoformat(),
        "expires_on": row.expires_on and row.expires_on.isoformat(),
        "certificate": row.certificate_code,
    }
