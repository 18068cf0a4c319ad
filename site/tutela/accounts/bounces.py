"""Delivery reports: which of our mails came back, and to whom it was addressed.

Anybody can write such a report. One is believed only where it names the mail by its Message-ID,
which is signed for the one address that it went to: who never got our mail cannot know it.
"""

from __future__ import annotations

import re
import secrets
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import parseaddr
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer

from .models import Sign
from .replies import reply_of
from .undeliverable import note_undeliverable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MESSAGE_ID = re.compile(r"<([\w-]{16})\.([\w-]{43})@[^<>\s]{1,255}>")
# Some servers write 5.0.0 for every status, and only here what was said to them.
DIAGNOSTIC = re.compile(r"\s*smtp;\s*([45]\d\d)\b(.*)", re.DOTALL | re.IGNORECASE)
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
# Reports hold one mail of one address; whoever sends a thousand names means no good.
MOST_NAMES = 20


class Outcome(Enum):
    """What a report came to."""

    NOTED = "The address was noted as undeliverable."
    NOTHING = "The report speaks of no mail that failed."
    FOREIGN = "The report names no mail of ours, or not the address that the mail went to."
    NO_REPORT = "This is no delivery report."


def name_mail(address: str) -> str:
    """Return a Message-ID that only a mail to this address has."""
    stem = secrets.token_urlsafe(12)
    signature = _signer().signature(_signed(stem, address))
    return f"<{stem}.{signature}@{urlsplit(settings.BASE_URL).hostname}>"


def take_report(raw: bytes, *, at: datetime) -> Outcome:
    """Put the address of a mail that came back on the list, if the report proves to know the mail."""
    report = message_from_bytes(raw)
    statuses = [part for part in report.walk() if _kind(part) == "message/delivery-status"]
    if not statuses:
        return Outcome.NO_REPORT
    failed = list(_failed_recipients(statuses[0]))
    if not failed:
        return Outcome.NOTHING
    names, addressee = _names_of(report)
    for status, told in failed:
        for address in {*told, addressee}:
            if any(_names(name, address) for name in names):
                note_undeliverable(address, sign=Sign.BOUNCED, reply=status, at=at)
                return Outcome.NOTED
    return Outcome.FOREIGN


def _failed_recipients(part: Message) -> Iterator[tuple[str, set[str]]]:
    """Yield the status of each recipient who was not reached, and the addresses it goes by."""
    blocks = part.get_payload()
    for block in blocks[:MOST_NAMES] if isinstance(blocks, list) else []:
        if isinstance(block, Message) and _field(block, "Action").lower() == "failed":
            fields = (_field(block, name) for name in ("Original-Recipient", "Final-Recipient"))
            yield _reply(block), {_plain(field.partition(";")[2]) for field in fields if field}


def _reply(block: Message) -> str:
    """Return the reply in numbers: what the other server said, else what the report makes of it."""
    if said := DIAGNOSTIC.match(_field(block, "Diagnostic-Code")):
        return reply_of(int(said[1]), said[2])
    status = STATUS.search(_field(block, "Status"))
    return status[0] if status else ""


def _names_of(report: Message) -> tuple[list[tuple[str, str]], str]:
    """Return what names the mail that came back, and the addressee it carries."""
    mails = [report, *_returned(report)]
    fields = " ".join(
        _field(mail, name) for mail in mails for name in ("Message-ID", "In-Reply-To", "References")
    )
    return MESSAGE_ID.findall(fields)[:MOST_NAMES], _plain(_field(mails[-1], "To"))


def _returned(report: Message) -> Iterator[Message]:
    """Yield the mail that came back, or its head."""
    for part in report.walk():
        payload = part.get_payload()
        if _kind(part) == "message/rfc822" and isinstance(payload, list):
            yield from (inner for inner in payload if isinstance(inner, Message))
        if _kind(part) == "text/rfc822-headers" and isinstance(payload, str):
            yield message_from_string(payload)


def _names(name: tuple[str, str], address: str) -> bool:
    stem, signature = name
    try:
        _signer().unsign(f"{_signed(stem, address)}:{signature}")
    except BadSignature:
        return False
    return True


def _signer() -> Signer:
    return Signer(salt="tutela.accounts.bounces", sep=":")


def _signed(stem: str, address: str) -> str:
    return f"{stem} {address}"


def _kind(part: Message) -> str:
    return part.get_content_type()


def _field(message: Message, name: str) -> str:
    return str(message.get(name, ""))


def _plain(address: str) -> str:
    return parseaddr(address)[1].strip().lower()
