"""What the mail that waits says about the mail server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tutela.work.watching import Reading, State, rising

from .models import WaitingMail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MINUTE = 60


def read_mail(at: datetime) -> Iterator[Reading]:
    """Read how much mail waits, how long it is overdue, and how much the server refused."""
    waiting = WaitingMail.objects.count()
    yield Reading(
        "mail_waiting",
        State.WELL,
        waiting,
        ngettext("%d mail waits.", "%d mails wait.", waiting) % waiting,
    )
    due = WaitingMail.objects.order_by("due_at").values_list("due_at", flat=True).first()
    overdue = max(0.0, (at - due).total_seconds()) if due else 0.0
    yield Reading(
        "mail_overdue_seconds",
        rising(overdue, look=5 * MINUTE, ill=30 * MINUTE),
        overdue,
        _("The oldest of them should have been sent %d min ago.") % (overdue // MINUTE)
        if overdue
        else _("None of them is overdue."),
    )
    failing = WaitingMail.objects.filter(failures__gt=0).count()
    yield Reading(
        "mail_failing",
        rising(failing, look=1, ill=20),
        failing,
        ngettext(
            "%d mail could not be handed over at the first try.",
            "%d mails could not be handed over at the first try.",
            failing,
        )
        % failing,
    )
