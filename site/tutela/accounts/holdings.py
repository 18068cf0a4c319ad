"""What this room holds about a person, and how it forgets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q
from wagtail.users.models import UserProfile

from .models import Event, FactorReset, UndeliverableAddress, User, WaitingMail, forget_reasons

if TYPE_CHECKING:
    from datetime import datetime


def hold_account(person: User) -> list[dict[str, Any]]:
    """Return the account itself, its addresses, second factors, sessions, log lines and mail."""
    return [
        {
            "what": "account",
            "email": person.email,
            "name": person.get_full_name(),
            "name_on_certificates": person.certificate_name,
            "language": person.language,
            "time_zone": person.time_zone,
            "roles": sorted(person.groups.values_list("name", flat=True)),
            "since": _instant(person.date_joined),
            "last_sign_in": _instant(person.last_login),
        },
        *_hold_means(person),
        *_hold_log(person),
        *_hold_mail(person),
    ]


def erase_account(person: User, *, at: datetime) -> None:
    """Delete the means of signing in, all sessions, and mail on its way; the log keeps no name.

    The addresses go last, with the person's row: other rooms still have to find what they sent there.
    """
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    UserProfile.objects.filter(user=person).delete()
    FactorReset.objects.filter(person=person).open().update(stopped_at=at)
    FactorReset.objects.filter(person=person).update(reason="")
    addresses = _addresses(person)
    WaitingMail.objects.filter(address__in=addresses).delete()
    UndeliverableAddress.objects.filter(address__in=addresses).delete()
    forget_reasons([f"person {person.pk}"])


def end_sessions(person: User) -> None:
    """Sign the person out everywhere."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def _hold_means(person: User) -> list[dict[str, Any]]:
    addresses = EmailAddress.objects.filter(user=person).order_by("pk")
    factors = Authenticator.objects.filter(user=person).order_by("pk")
    sessions = UserSession.objects.filter(user=person).order_by("pk")
    return [
        *(
            {"what": "address", "email": row.email, "confirmed": row.verified, "main": row.primary}
            for row in addresses
        ),
        *(
            {
                "what": "second factor",
                "kind": row.type,
                "since": _instant(row.created_at),
                "last_used": _instant(row.last_used_at),
            }
            for row in factors
        ),
        *(
            {
                "what": "session",
                "since": _instant(row.created_at),
                "last_seen": _instant(row.last_seen_at),
                "ip": row.ip,
                "browser": row.user_agent,
            }
            for row in sessions
        ),
    ]


def _hold_log(person: User) -> list[dict[str, Any]]:
    resets = FactorReset.objects.filter(person=person).order_by("pk")
    events = Event.objects.filter(Q(actor=person) | Q(subject=f"person {person.pk}"))
    return [
        *(
            {
                "what": "reset of the second factor",
                "asked_at": _instant(row.asked_at),
                "reason": row.reason,
                "stopped_at": _instant(row.stopped_at),
                "done_at": _instant(row.done_at),
            }
            for row in resets
        ),
        *(
            {
                "what": "event",
                "at": _instant(row.at),
                "kind": row.kind,
                "subject": row.subject,
                **({"reason": row.data["reason"]} if "reason" in row.data else {}),
            }
            for row in events.order_by("pk")
        ),
    ]


def _hold_mail(person: User) -> list[dict[str, Any]]:
    addresses = _addresses(person)
    waiting = WaitingMail.objects.filter(address__in=addresses).order_by("pk")
    listed = UndeliverableAddress.objects.filter(address__in=addresses).order_by("pk")
    return [
        *(
            {
                "what": "mail on its way",
                "email": row.address,
                "mail": row.content["subject"],
                "since": _instant(row.posted_at),
            }
            for row in waiting
        ),
        *(
            {
                "what": "undeliverable address",
                "email": row.address,
                "sign": row.sign,
                "reply": row.reply,
                "first": _instant(row.first_at),
                "last": _instant(row.last_at),
            }
            for row in listed
        ),
    ]


def _addresses(person: User) -> set[str]:
    """Return her addresses as the tables of mail keep them."""
    confirmed = EmailAddress.objects.filter(user=person, verified=True)
    return {person.email, *(email.lower() for email in confirmed.values_list("email", flat=True))}


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
