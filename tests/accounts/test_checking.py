"""`check_mail` says in a sentence what happens at each step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command

from tests.accounts.post_office import PostOffice, open_office

if TYPE_CHECKING:
    from pytest_django import Settings

ANA = "ana@a.example"


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    settings.DEFAULT_FROM_EMAIL = "Training <training@b.example>"
    with open_office() as office:
        settings.MAILERS = office.mailers()
        yield office


def refusal(address: str = ANA) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("check_mail", address)
    assert refused.value.returncode == 1
    return re.sub(r"port \d+", "port N", str(refused.value))


def test_every_step_is_said(office: PostOffice, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_mail", ANA)

    assert capsys.readouterr().out.splitlines() == [
        "The name 127.0.0.1 leads to 127.0.0.1.",
        f"The mail server answers at port {office.port} of 127.0.0.1.",
        "The connection is not encrypted: good only for a server on this machine.",
        "No SMTP_USER and SMTP_PASSWORD are set: we do not sign in.",
        "The mail server accepts the sender training@b.example.",
        f"The mail server accepts the recipient {ANA}.",
        "The mail server accepts the mail.",
        "The mail is on its way. Look whether it arrived, and not as spam.",
    ]
    [(sender, recipients, raw)] = office.mails
    assert (sender, recipients) == ("training@b.example", [ANA])
    mail = message_from_bytes(raw, policy=policy.default)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("replies", "options", "sentence"),
    [
        ({"GREETING": "554 5.7.1 go\taway"}, {}, "The mail server does not want to talk to us: 554 5.7.1 go away"),
        ({"GREETING": ""}, {}, "Nothing answers as a mail server at port N of 127.0.0.1 within 0.3 seconds"),
        ({}, {"port": 1}, "Nothing answers as a mail server at port N of 127.0.0.1"),
        ({}, {"host": "no-such-host.invalid"}, "The name no-such-host.invalid leads to no machine"),
        ({}, {"use_tls": True}, "The mail server offers no STARTTLS here"),
        ({}, {"use_ssl": True}, "The connection cannot be encrypted"),
        ({"EHLO": "250-hello\r\n250 STARTTLS", "STARTTLS": "220 go"}, {"use_tls": True}, "The connection cannot be encrypted"),
        ({}, {"username": "u", "password": "p"}, "The mail server lets nobody sign in here"),
        ({"EHLO": "250-hello\r\n250 AUTH PLAIN", "AUTH": "535 5.7.8 no"}, {"username": "u", "password": "p"}, "The mail server does not accept SMTP_USER and SMTP_PASSWORD: 535 5.7.8 no"),
        ({"MAIL": "550 who"}, {}, "The mail server refuses the sender training@b.example: 550 who"),
        ({"RCPT": "550 5.1.1 none"}, {}, f"The mail server refuses the recipient {ANA}: 550 5.1.1 none"),
        ({"DATA": "554 spam"}, {}, "The mail server refuses the mail: 554 spam"),
        ({"RCPT": ""}, {}, "The mail server broke off, or was silent for too long"),
    ],
)  # fmt: skip
def test_the_step_that_fails_is_said(
    office: PostOffice,
    settings: Settings,
    replies: dict[str, str],
    options: dict[str, Any],
    sentence: str,
) -> None:
    office.replies |= replies
    settings.MAILERS = office.mailers(**options)

    assert refusal().startswith(sentence)
    assert office.mails == []


def test_it_signs_in_and_uses_the_sender_on_the_envelope(
    office: PostOffice, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    office.replies |= {"EHLO": "250-hello\r\n250 AUTH PLAIN", "AUTH": "235 welcome"}
    settings.MAILERS = office.mailers(username="u", password="p")  # noqa: S106
    settings.MAIL_BOUNCES_TO = "bounces@b.example"

    call_command("check_mail", ANA)

    said = capsys.readouterr().out
    assert "accepts SMTP_USER and SMTP_PASSWORD." in said
    assert "accepts the sender bounces@b.example." in said


def test_a_typing_mistake_and_a_missing_server_are_said(settings: Settings) -> None:
    assert refusal("ana") == "ana is no e-mail address."

    settings.MAILERS = {
        "post": {
            "BACKEND": "tutela.accounts.mail.TerminalBackend",
            "OPTIONS": {"folder": settings.VAR},
        }
    }
    assert refusal().startswith("SMTP_HOST is not set")
