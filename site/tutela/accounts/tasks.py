"""Work that the queue does for this room."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from . import factor_resets, posting


@task(backend="queue")
def send_waiting_mail(pk: int) -> None:
    """Hand one mail to the mail server; a mail that went already is no longer there."""
    posting.send_mail_of(pk, at=timezone.now())


@task(backend="queue")
def send_due_mail() -> None:
    """Try again whatever could not be sent."""
    for pk in posting.due_mail(at=timezone.now()):
        posting.send_mail_of(pk, at=timezone.now())


@task(backend="queue")
def carry_out_due_resets() -> None:
    """Remove the second factors whose day of delay is over."""
    factor_resets.carry_out_due_resets(at=timezone.now())
