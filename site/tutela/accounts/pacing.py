"""How fast mail goes: so many a minute for all and for each domain, and a rest after a failure.

Both are kept in the database, where all workers see them. Nobody waits for a turn: a mail without
one is due again later.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F

from .models import MailKind, MailMinute, MailServer

if TYPE_CHECKING:
    from datetime import datetime

MINUTE = timedelta(minutes=1)
KEPT = timedelta(hours=1)
# A server that hangs costs the worker its timeout once in so many minutes, and its other work waits.
RESTS = (1, 2, 5)


class NoTurnError(RuntimeError):
    """The minute's mails are sent: all of them, or those to this domain."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain)
        self.domain = domain


def take_turn(address: str, *, kind: int, at: datetime) -> None:
    """Count one mail into this minute; call it in a transaction, which `NoTurnError` undoes.

    Mail that may be stopped leaves a quarter of each limit to what people wait for.
    """
    limits = {
        domain_of(address): settings.MAIL_PER_MINUTE_PER_DOMAIN,
        "": settings.MAIL_PER_MINUTE,
    }
    for domain, limit in limits.items():
        most = limit - limit // 4 if kind == MailKind.BULK else limit
        if limit and not _count(domain, most=most, minute=minute_of(at)):
            raise NoTurnError(domain)


def forget_minutes(*, at: datetime) -> None:
    """Delete the counts of minutes that are over."""
    MailMinute.objects.filter(minute__lt=at - KEPT).delete()


def is_left_alone(*, at: datetime) -> bool:
    """Return whether the mail server failed a short while ago."""
    return MailServer.objects.filter(left_alone_until__gt=at).exists()


def leave_alone(*, at: datetime) -> None:
    """Let nobody try for a while, which grows with every failure in a row."""
    server, _new = MailServer.objects.get_or_create(pk=1, defaults={"left_alone_until": at})
    rest = timedelta(minutes=RESTS[min(server.failures, len(RESTS) - 1)])
    MailServer.objects.filter(pk=1).update(failures=F("failures") + 1, left_alone_until=at + rest)


def note_answer(*, at: datetime) -> None:
    """Note that the mail server works, whatever it said of one mail."""
    MailServer.objects.filter(failures__gt=0).update(failures=0, left_alone_until=at)


def minute_of(at: datetime) -> datetime:
    """Return the beginning of the minute that holds this instant."""
    return at.replace(second=0, microsecond=0)


def domain_of(address: str) -> str:
    """Return the part of an address behind the @, in lower case."""
    return address.rpartition("@")[2].lower()


def _count(domain: str, *, most: int, minute: datetime) -> bool:
    counted, _new = MailMinute.objects.get_or_create(minute=minute, domain=domain)
    room = MailMinute.objects.filter(pk=counted.pk, mails__lt=most)
    return bool(room.update(mails=F("mails") + 1))
