"""Work that the queue does for this room."""

from __future__ import annotations

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from . import factor_resets, pacing, posting, undeliverable

# Other work waits behind a run; codes do not, for a run takes them first.
LONGEST_RUN = timedelta(seconds=30)
# Some mail servers end a connection after so many mails.
MAILS_A_CONNECTION = 50


@task(backend="queue")
def send_waiting_mail(pk: int) -> None:
    """Hand one mail to the mail server; a mail that went already is no longer there."""
    with posting.open_post() as post:
        posting.send_mail_of(pk, at=timezone.now(), post=post)


@task(backend="queue")
def send_due_mail() -> None:
    """Send what waits: bulk, what could not be sent before, and what had no turn."""
    begun = timezone.now()
    posting.give_up_old_mail(at=begun)
    pacing.forget_minutes(at=begun)
    while timezone.now() - begun < LONGEST_RUN:
        with posting.open_post() as post:
            for _mail in range(MAILS_A_CONNECTION):
                now = timezone.now()
                pk = posting.next_due(at=now)
                if pk is None or now - begun > LONGEST_RUN:
                    return
                posting.send_mail_of(pk, at=now, post=post)


@task(backend="queue")
def forget_old_addresses() -> int:
    """Take off the list of undeliverable addresses what is long ago; returns how many."""
    return undeliverable.forget_old_addresses(at=timezone.now())


@task(backend="queue")
def carry_out_due_resets() -> None:
    """Remove the second factors whose day of delay is over."""
    factor_resets.carry_out_due_resets(at=timezone.now())
