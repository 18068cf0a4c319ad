"""Reports of mail that came back: believed only from who had the mail."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from tutela.accounts.bounces import Outcome, name_mail, take_report
from tutela.accounts.models import Sign, UndeliverableAddress

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANA, BEN = "ana@a.example", "ben@b.example"
REPORT = """\
From: MAILER-DAEMON@mail.example (Mail Delivery System)
To: bounces@training.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Sun, 1 Mar 2026 12:00:00 +0000

{recipient}

--b
Content-Type: {kind}

From: Training <training@training.example>
To: Ana <{to}>
Subject: A course
Message-ID: {name}

--b--
"""
FAILED = "Final-Recipient: rfc822; {}\nAction: failed\nStatus: 5.1.1"

NO_STATUS = "Final-Recipient: rfc822; ana@a.example\nAction: failed\nStatus: 5.0.0"


def report(
    name: str,
    *,
    to: str = ANA,
    recipient: str = FAILED.format(ANA),
    kind: str = "text/rfc822-headers",
) -> bytes:
    return REPORT.format(name=name, to=to, recipient=recipient, kind=kind).encode()


def listed() -> list[tuple[str, str, str]]:
    rows = UndeliverableAddress.objects.order_by("pk")
    return list(rows.values_list("address", "sign", "reply"))


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_mail_that_came_back_is_noted(kind: str) -> None:
    assert take_report(report(name_mail(ANA), kind=kind), at=AT) is Outcome.NOTED
    assert listed() == [(ANA, Sign.BOUNCED, "5.1.1")]


@pytest.mark.parametrize(
    ("recipient", "reply"),
    [
        ("Final-Recipient: RFC822;Ana@A.example\nAction: Failed\nStatus: 5.2.1 (off)", "5.2.1"),
        (FAILED.format("forwarded@elsewhere.example"), "5.1.1"),  # the mail says to whom it went
        (f"Original-Recipient: rfc822;{ANA}\n{FAILED.format('x@y.example')}", "5.1.1"),
        (f"{NO_STATUS}\nDiagnostic-Code: smtp; 550 No such user", "550"),
        (f"{NO_STATUS}\nDiagnostic-Code: smtp; 550-5.1.1 No\n 550 5.1.1 such user", "550 5.1.1"),
        ("Final-Recipient: rfc822; ana@a.example\nAction: failed\nStatus: 4.4.7", "4.4.7"),
        ("Final-Recipient: rfc822; ana@a.example\nAction: failed", ""),
    ],
)
def test_reports_of_many_servers_are_read(recipient: str, reply: str) -> None:
    assert take_report(report(name_mail(ANA), recipient=recipient), at=AT) is Outcome.NOTED
    assert listed() == [(ANA, Sign.BOUNCED, reply)]


def test_who_knows_one_mail_cannot_speak_for_another_address() -> None:
    hers = name_mail(ANA)
    forged = report(hers, to=BEN, recipient=FAILED.format(BEN))
    stem, _dot, rest = hers[1:].partition(".")

    assert take_report(forged, at=AT) is Outcome.FOREIGN
    assert take_report(report(f"<{stem[::-1]}.{rest}"), at=AT) is Outcome.FOREIGN
    assert take_report(report("<20260301.1@training.example>"), at=AT) is Outcome.FOREIGN
    assert listed() == []


def test_a_name_signed_by_a_former_key_still_holds(settings: Settings) -> None:
    name = name_mail(ANA)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert take_report(report(name), at=AT) is Outcome.NOTED

    settings.SECRET_KEY_FALLBACKS = []
    assert take_report(report(name), at=AT) is Outcome.FOREIGN


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (b"", Outcome.NO_REPORT),
        (b"Subject: I am on holiday\n\nBack on Monday.", Outcome.NO_REPORT),
        (bytes(range(256)) * 50, Outcome.NO_REPORT),
        (b"Content-Type: message/delivery-status\n\n\xff\xfe: x\n\n:", Outcome.NOTHING),
        (b"Content-Type: multipart/report; boundary=b\n\n--b\n--b\n--b--", Outcome.NO_REPORT),
        (
            report("<>", recipient=f"Final-Recipient: rfc822;{ANA}\nAction: delayed"),
            Outcome.NOTHING,
        ),
        (report("<>" * 5000, recipient=FAILED.format("@" * 500) * 3), Outcome.FOREIGN),
    ],
)
def test_what_is_no_report_of_ours_changes_nothing(raw: bytes, outcome: Outcome) -> None:
    assert take_report(raw, at=AT) is outcome
    assert listed() == []


def test_the_command_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = io.BytesIO(report(name_mail(ANA)))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(raw))

    call_command("take_bounce")

    assert capsys.readouterr().out == "The address was noted as undeliverable.\n"
    assert listed() == [(ANA, Sign.BOUNCED, "5.1.1")]


def test_the_mail_server_keeps_a_report_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO(report(name_mail(ANA)))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(raw))

    def gone(*args: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(gone), pytest.raises(CommandError) as refused:
        call_command("take_bounce")

    assert refused.value.returncode == 75
