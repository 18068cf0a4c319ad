"""What a mail server's answer means."""

from __future__ import annotations

import smtplib
import ssl

import pytest

from tutela.accounts.replies import Verdict, is_about_address, judge, reply_of


@pytest.mark.parametrize(
    ("error", "verdict", "reply"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.1.1 none")}), Verdict.REFUSED, "550 5.1.1"),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"grey")}), Verdict.LATER, "450"),
        (smtplib.SMTPRecipientsRefused({"a": (554, b"5.7.1 relay")}), Verdict.LATER, "554 5.7.1"),
        (smtplib.SMTPDataError(554, b"spam"), Verdict.REFUSED, "554"),
        (smtplib.SMTPDataError(451, "4.3.0 later"), Verdict.LATER, "451 4.3.0"),
        (smtplib.SMTPSenderRefused(550, b"5.1.8 who", "t@b"), Verdict.SERVER, "550 5.1.8"),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 no"), Verdict.SERVER, "535 5.7.8"),
        (smtplib.SMTPDataError(-1, b""), Verdict.SERVER, "-1"),
        (smtplib.SMTPServerDisconnected("gone"), Verdict.SERVER, ""),
        (ConnectionRefusedError(), Verdict.SERVER, ""),
        (TimeoutError(), Verdict.SERVER, ""),
        (ssl.SSLCertVerificationError(), Verdict.SERVER, ""),
        (ValueError("Invalid address"), Verdict.LATER, ""),
    ],
)
def test_verdict_on_an_error(error: Exception, verdict: Verdict, reply: str) -> None:
    assert judge(error) == (verdict, reply)


@pytest.mark.parametrize(
    ("reply", "about_address"),
    [
        ("550 5.1.1", True), ("5.1.1", True), ("550 5.2.1", True), ("550", True), ("553", True),
        ("554", False), ("5.0.0", False), ("552 5.3.4", False), ("550 5.7.1", False),
        ("550 5.1.8", False), ("450 4.2.2", False), ("450", False), ("", False),
    ],
)  # fmt: skip
def test_reply_speaks_of_the_mailbox(reply: str, about_address: bool) -> None:
    assert is_about_address(reply) is about_address


def test_reply_is_numbers_only() -> None:
    assert reply_of(550, b"5.1.1 <ana@a.example> is unknown, 1.2.3.4") == "550 5.1.1"
    assert reply_of(550, b"ana is unknown at 5.1") == "550"
