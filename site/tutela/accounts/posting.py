"""Mail that waits for the mail server: kept as a row until it is handed over, then deleted.

The row holds an address and perhaps a code; a task would keep both in its arguments for days. A
worker that dies between handing over and deleting sends a mail twice: rare, and harmless.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import mailers
from django.db import transaction
from django.db.models import F
from django.utils import translation

from tutela.kit.mails import WholeMail, html_of

from . import pacing
from .bounces import name_mail
from .models import MAIL_KIND_HEADER, MailKind, Sign, WaitingMail
from .notices import addressee_of, headers_for, language_of
from .replies import Verdict, judge
from .undeliverable import note_undeliverable, takes_no_bulk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.core.mail import EmailMessage
    from django.core.mail.backends.base import BaseEmailBackend

    from .models import User

logger = logging.getLogger(__name__)

# Minutes between one failure and the next try; the last one repeats.
DELAYS = (1, 2, 5, 15, 30, 60, 120)
# A code is waited for; once it opens nothing any more, it is not sent at all.
LONGEST_DELAYS = {MailKind.CODE: 5}
PATIENCE = {
    MailKind.CODE: timedelta(hours=1),
    MailKind.LETTER: timedelta(days=3),
    MailKind.BULK: timedelta(days=3),
}
# Longer than a connection lasts (`mail.TimedSMTP`): meanwhile nobody else tries.
LEASE = timedelta(minutes=5)


class AttachmentError(ValueError):
    """A mail with an attachment cannot wait in the table."""


def put_in_post(message: EmailMessage, *, at: datetime) -> WaitingMail:
    """Keep a mail for sending and return its row; it goes nowhere if the transaction fails.

    Whoever wrote it, it gets an HTML part, a name that its bounce is known by, and the sign that no
    person wrote it, which automatic answers heed.
    """
    if message.attachments:
        raise AttachmentError("A queued mail cannot have attachments.")
    notice_for = addressee_of(message)
    headers = {name: str(value) for name, value in message.extra_headers.items()}
    if notice_for:
        headers |= headers_for(notice_for)
    kind = MailKind(int(headers.pop(MAIL_KIND_HEADER, MailKind.LETTER)))
    address = parseaddr(message.recipients()[0])[1].lower()
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
            "Message-ID": name_mail(address),
            "Auto-Submitted": "auto-generated",
            **headers,
        },
        "alternatives": _alternatives(message, reader=notice_for),
    }
    return WaitingMail.objects.create(
        kind=kind, address=address, content=content, posted_at=at, due_at=at
    )


@contextmanager
def open_post() -> Iterator[BaseEmailBackend]:
    """Give the way to the mail server, one connection for all that goes over it."""
    post: BaseEmailBackend = mailers["post"]
    try:
        yield post
    finally:
        with suppress(Exception):  # a server that is gone needs no goodbye
            post.close()


def send_mail_of(pk: int, *, at: datetime, post: BaseEmailBackend) -> bool:
    """Hand one mail to the mail server, and return whether it went; a second call does nothing."""
    if pacing.is_left_alone(at=at) or not (mail := _claim(pk, at=at)):
        return False
    try:
        post.open()
        post.send_messages([_message(mail)])
    except Exception as error:  # noqa: BLE001  (whatever a mail server does, the mail must not be lost)
        with suppress(Exception):
            post.close()
        _fail(mail, error, at=at)
        return False
    mail.delete()
    pacing.note_answer(at=at)
    return True


def next_due(*, at: datetime) -> int | None:
    """Return the key of the mail that should be tried now: codes first, bulk last."""
    if pacing.is_left_alone(at=at):
        return None
    due = WaitingMail.objects.filter(due_at__lte=at).order_by("kind", "due_at", "pk")
    return due.values_list("pk", flat=True).first()


def give_up_old_mail(*, at: datetime) -> int:
    """Delete what has waited too long, and return how many; whoever refused it is on the list."""
    old = [
        mail
        for kind, patience in PATIENCE.items()
        for mail in WaitingMail.objects.filter(kind=kind, posted_at__lt=at - patience)[:500]
    ]
    for mail in old:
        logger.error("Mail %s was given up after %s tries.", mail.pk, mail.failures)
        _remove(mail, listed=bool(mail.reply), at=at)
    return len(old)


def _claim(pk: int, *, at: datetime) -> WaitingMail | None:
    """Return the mail if it is ours to send now: due, wanted, and with a turn in this minute."""
    mail = WaitingMail.objects.filter(pk=pk, due_at__lte=at).first()
    if mail is None:
        return None
    if mail.kind == MailKind.BULK and takes_no_bulk(mail.address):
        mail.delete()
        return None
    try:
        with transaction.atomic():
            # Of two workers, only one finds it due.
            due = WaitingMail.objects.filter(pk=pk, due_at__lte=at)
            if not due.update(due_at=at + LEASE, failures=F("failures") + 1):
                return None
            pacing.take_turn(mail.address, kind=mail.kind, at=at)
    except pacing.NoTurnError as full:
        _wait_for_turn(mail, domain=full.domain, at=at)
        return None
    mail.failures += 1
    return mail


def _wait_for_turn(mail: WaitingMail, *, domain: str, at: datetime) -> None:
    """Let everything that would be told the same be due in the next minute, in one go."""
    same = WaitingMail.objects.filter(due_at__lte=at, kind__gte=mail.kind)
    if domain:
        same = same.filter(address__endswith=f"@{domain}")
    same.update(due_at=pacing.minute_of(at) + pacing.MINUTE)


def _fail(mail: WaitingMail, error: Exception, *, at: datetime) -> None:
    verdict, reply = judge(error)
    kind = f"{type(error).__name__} {reply}".strip()  # its text may hold the address
    logger.warning("Mail %s could not be sent (try %s): %s", mail.pk, mail.failures, kind)
    with transaction.atomic():
        if verdict is Verdict.SERVER:
            pacing.leave_alone(at=at)
        else:
            pacing.note_answer(at=at)
        if verdict is Verdict.REFUSED:
            _remove(mail, listed=True, reply=reply, at=at)
            return
        delay = DELAYS[min(mail.failures, len(DELAYS)) - 1]
        delay = min(delay, LONGEST_DELAYS.get(MailKind(mail.kind), delay))
        # By now the mail may be gone: given up, or its addressee's account closed.
        WaitingMail.objects.filter(pk=mail.pk).update(
            due_at=at + timedelta(minutes=delay), reply=reply
        )


def _remove(mail: WaitingMail, *, listed: bool, reply: str = "", at: datetime) -> None:
    with transaction.atomic():
        if listed and mail.address:  # a mail from before an upgrade has none beside its content
            said = reply or mail.reply
            note_undeliverable(mail.address, sign=Sign.REFUSED, reply=said, at=at)
        mail.delete()


def _alternatives(message: EmailMessage, *, reader: User | None) -> list[list[str]]:
    """Return the parts beside the plain text; the words once more in HTML if nobody gave any."""
    parts = [[str(part.content), part.mimetype] for part in getattr(message, "alternatives", [])]
    if parts or message.content_subtype != "plain":
        return parts
    # Wagtail writes in the reader's language and sends in that of whoever did something.
    with translation.override(language_of(reader) if reader else translation.get_language()):
        return [[html_of(str(message.body), subject=str(message.subject)), "text/html"]]


def _message(mail: WaitingMail) -> WholeMail:
    fields = dict(mail.content)
    alternatives = fields.pop("alternatives")
    if settings.MAIL_BOUNCES_TO:
        # Reports go to the sender on the envelope; readers see the one in the head.
        fields["headers"] = {**fields["headers"], "From": fields["from_email"]}
        fields["from_email"] = settings.MAIL_BOUNCES_TO
    message = WholeMail(**fields)
    for part, mimetype in alternatives:
        message.attach_alternative(part, mimetype)
    return message
