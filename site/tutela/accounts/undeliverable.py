"""Addresses that mail does not reach: the list of refusals and bounces, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from .models import Sign, UndeliverableAddress, log_event

if TYPE_CHECKING:
    from datetime import datetime

    from .models import User

KEPT = timedelta(days=180)


def note_undeliverable(address: str, *, sign: Sign, reply: str, at: datetime) -> None:
    """Put an address on the list, or note that it happened again."""
    UndeliverableAddress.objects.update_or_create(
        address=address,
        defaults={"sign": sign, "reply": reply, "last_at": at, "times": F("times") + 1},
        create_defaults={"sign": sign, "reply": reply, "first_at": at, "last_at": at},
    )


def takes_no_bulk(address: str) -> bool:
    """Return whether there is no such mailbox, as far as we were told."""
    listed = UndeliverableAddress.objects.filter(address=address).first()
    return listed is not None and listed.stops_bulk


def try_again(listed: UndeliverableAddress, *, by: User, at: datetime) -> None:
    """Take an address off the list, because an administrator says that it is good."""
    with transaction.atomic():
        log_event("undeliverable address removed", subject=str(listed), at=at, actor=by)
        listed.delete()


def forget_old_addresses(*, at: datetime) -> int:
    """Take off what is long ago, so that such an address is tried again; return how many."""
    removed, _each = UndeliverableAddress.objects.filter(last_at__lt=at - KEPT).delete()
    return removed
