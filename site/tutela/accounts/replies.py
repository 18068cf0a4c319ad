"""What a mail server's answer means for one mail (RFC 5321, RFC 3463). Knows nothing of Django."""

from __future__ import annotations

import re
import smtplib
from enum import Enum

ENHANCED = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")
TEMPORARY, PERMANENT = 400, 500
# Permanent replies without a second, finer number that speak of the mailbox.
NO_MAILBOX = {"550", "551", "553"}
# Finer numbers of the group "addressing" that speak of the sender.
ABOUT_SENDER = {"5.1.7", "5.1.8"}


class Verdict(Enum):
    """What becomes of a mail that did not go."""

    LATER = "this mail is tried again"
    REFUSED = "this mail will never be taken"
    SERVER = "no mail goes for now"


def judge(error: Exception) -> tuple[Verdict, str]:
    """Return what an error means, with the reply in numbers as `550 5.1.1`; its text is not kept."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _judge_reply(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPDataError):
        return _judge_reply(error.smtp_code, error.smtp_error)
    if isinstance(
        error, smtplib.SMTPResponseException
    ):  # greeting, sign-in or sender: not the mail
        return Verdict.SERVER, reply_of(error.smtp_code, error.smtp_error)
    if isinstance(error, OSError):  # with all other errors of smtplib and of TLS
        return Verdict.SERVER, ""
    return Verdict.LATER, ""


def reply_of(code: int, text: bytes | str) -> str:
    """Return the numbers of a reply."""
    finer = ENHANCED.search(text if isinstance(text, bytes) else text.encode())
    return f"{code} {finer[0].decode()}" if finer else str(code)


def is_about_address(reply: str) -> bool:
    """Return whether a reply says that there is no such mailbox: not a full server, not a policy."""
    finer = next((number for number in reply.split() if "." in number), "")
    if not finer:
        return reply in NO_MAILBOX
    return finer.startswith(("5.1.", "5.2.")) and finer not in ABOUT_SENDER


def _judge_reply(code: int, text: bytes | str) -> tuple[Verdict, str]:
    reply = reply_of(code, text)
    if code < TEMPORARY:  # half a line, and then nothing
        return Verdict.SERVER, reply
    # A policy (5.7) is often about us: a missing SPF record, relaying not yet allowed.
    refused = code >= PERMANENT and " 5.7." not in reply
    return (Verdict.REFUSED if refused else Verdict.LATER), reply
