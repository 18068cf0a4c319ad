"""Mail that waits for the mail server: kept as a row until it is handed over, then deleted.

The row holds an address and perhaps a code; a task would keep both in its arguments for days. A
worker that dies between handing over and deleting sends a mail twice: rare, and harmless.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from email.utils import make_msgid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import transaction
from django.db.models import F

from .models import WaitingMail

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)

# Minutes between one failure and the next try; after the last, some six hours in all, we give up.
DELAYS = (1, 2, 5, 15, 30, 60, 120, 120)
# Longer than a mail server may take (its timeout is 20 seconds): meanwhile nobody else tries.
LEASE = timedelta(minutes=2)


class AttachmentError(ValueError):
    """A mail with an attachment cannot wait in the table."""


def put_in_post(message: EmailMessage, *, at: datetime) -> WaitingMail:
    """Keep a mail for sending and return its row; it goes nowhere if the transaction fails."""
    if message.attachments:
        raise AttachmentError("A queued mail cannot have attachments.")
    content = {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        "to": list(message.to),
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "reply_to": list(message.reply_to),
        # One name for all tries, so that a mail that was sent twice is shown once.
        "headers": {
            "Message-ID": make_msgid(domain=urlsplit(settings.BASE_URL).hostname),
            **{name: str(value) for name, value in message.extra_headers.items()},
        },
        "alternatives": [
            [str(part.content), part.mimetype] for part in getattr(message, "alternatives", [])
        ],
    }
    return WaitingMail.objects.create(content=content, due_at=at)


def send_mail_of(pk: int, *, at: datetime) -> bool:
    """Hand one mail to the mail server, and return whether it went; a second call does nothing."""
    if not _claim(pk, at=at):
        return False
    mail = WaitingMail.objects.get(pk=pk)
    try:
        mailers["post"].send_messages([_message(mail.content)])
    except Exception as error:  # noqa: BLE001  (whatever a mail server does, the mail must not be lost)
        _postpone(mail, error, at=at)
        return False
    mail.delete()
    return True


def due_mail(*, at: datetime) -> list[int]:
    """Return the keys of the mails that should be tried now, oldest first."""
    due = WaitingMail.objects.filter(due_at__lte=at).order_by("due_at", "pk")
    return list(due.values_list("pk", flat=True)[:500])


def _claim(pk: int, *, at: datetime) -> bool:
    mine = WaitingMail.objects.filter(pk=pk, due_at__lte=at)
    return bool(mine.update(due_at=at + LEASE, failures=F("failures") + 1))


def _postpone(mail: WaitingMail, error: Exception, *, at: datetime) -> None:
    kind = type(error).__name__  # its text may hold the address
    with transaction.atomic():
        if mail.failures > len(DELAYS):
            logger.error("Mail %s was given up after %s tries: %s", mail.pk, mail.failures, kind)
            mail.delete()
            return
        logger.warning("Mail %s could not be sent (try %s): %s", mail.pk, mail.failures, kind)
        mail.due_at = at + timedelta(minutes=DELAYS[mail.failures - 1])
        mail.save(update_fields=["due_at"])


def _message(content: dict[str, Any]) -> EmailMultiAlternatives:
    fields = dict(content)
    alternatives = fields.pop("alternatives")
    message = EmailMultiAlternatives(**fields)
    for part, mimetype in alternatives:
        message.attach_alternative(part, mimetype)
    return message
