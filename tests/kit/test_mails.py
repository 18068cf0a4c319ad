"""The two parts of a mail say the same, and only links of ours are links."""

from __future__ import annotations

from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import get_template
from django.test import override_settings
from django.utils.translation import override

from tests.kit.pages import Reader, faults_of
from tutela.accounts.models import User
from tutela.kit.mails import html_of, in_both_parts

ALLAUTHS = [
    *("account/email/email_confirmation_signup", "account/email/login_code"),
    *("account/email/password_reset_code", "account/email/account_already_exists"),
    *("account/email/unknown_account", "account/email/password_changed"),
    *("mfa/email/totp_activated", "mfa/email/recovery_codes_generated"),
]
OURS = ["account_closed", "factor_reset_asked", "factor_reset_done", "factor_reset_stopped"]


def words_of(html: str) -> list[str]:
    body = html[html.index("<main>") :]
    return " ".join(Reader(body).texts).split()


@pytest.mark.parametrize("name", OURS)
def test_letters_of_ours_say_the_same_twice(name: str) -> None:
    text = get_template(f"accounts/mail/{name}.txt").render({"site_name": "Tutela"})

    html = html_of(text, subject="Your account")

    assert words_of(html) == text.split()
    assert faults_of(html) == []


@pytest.mark.parametrize("prefix", ALLAUTHS)
def test_mails_of_allauth_say_the_same_twice(prefix: str) -> None:
    context: dict[str, object] = {
        "code": "ABC-DEF",
        "email": "ana@example.org",
        "user_agent": "<b>Browser</b>",
    }
    context |= {"user": User(email="ana@example.org")}

    mail = get_adapter().render_mail(prefix, "ana@example.org", context)

    (html, kind) = mail.alternatives[0]
    assert kind == "text/html"
    assert words_of(str(html)) == str(mail.body).split()


def sentences_of(name: str, language: str) -> set[str]:
    """Return the longer lines of one of allauth's texts in a language."""
    context = {"user": User(email="ana@example.org"), "email": "ana@example.org", "code": "123456"}
    context |= {"current_site": {"name": "Tutela", "domain": "localhost"}}
    with override(language):
        text = get_template(name).render(context)
    return {line.strip() for line in text.splitlines() if len(line.split()) > 2}


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
def test_mails_of_allauth_are_translated(language: str) -> None:
    folder = Path(allauth.__file__).parent / "templates"
    names = [
        str(path.relative_to(folder))
        for room in ("account", "mfa")
        for path in sorted((folder / room / "email").glob("*.txt"))
        if not path.name.startswith("base_")
    ]

    english = {name: sentences_of(name, "en") & sentences_of(name, language) for name in names}

    assert len(names) > 30
    assert {name: lines for name, lines in english.items() if lines} == {}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Go to https://tutela.example/en/", '<a href="https://tutela.example/en/">https'),
        ("Write to https://tutela.example", '<a href="https://tutela.example">https'),
        ("Go to https://other.example/en/", "<p>Go to https://other.example/en/</p>"),
        ("Go to https://tutela.example.org/", "<p>Go to https://tutela.example.org/</p>"),
        ("<a href=x>press</a>", "&lt;a href=x&gt;press&lt;/a&gt;"),
        ("One.\nTwo.\n\nThree.", "<p>One.<br>\nTwo.</p>\n<p>Three.</p>"),
        ("ABC-DEF", '<p class="code">ABC-DEF</p>'),
        ("123456", '<p class="code">123456</p>'),
    ],
)
@override_settings(BASE_URL="https://tutela.example")
def test_text_becomes_paragraphs_codes_and_links_of_ours(text: str, html: str) -> None:
    assert html in html_of(text, subject="A mail")


def test_language_and_direction_are_said() -> None:
    with override("ar"):
        assert '<html lang="ar" dir="rtl">' in html_of("نص", subject="نص")
    with override("fr"):
        assert '<html lang="fr" dir="ltr">' in html_of("Bonjour", subject="Bonjour")


def test_sender_addressee_and_headers_are_kept() -> None:
    plain = EmailMessage("A", "B", "us@example.org", ["ana@example.org"], headers={"X-Kind": "c"})

    both = in_both_parts(plain)

    assert (both.subject, both.body, both.from_email) == ("A", "B", "us@example.org")
    assert (both.to, both.extra_headers) == (["ana@example.org"], {"X-Kind": "c"})


def test_a_long_address_in_the_head_stays_whole() -> None:
    address = f"<https://training.example.org/en/organisations/join/{'x' * 60}/stop/>"
    headers = {"List-Unsubscribe": address, "Message-ID": f"<{'a.' * 40}b@example.org>"}
    plain = EmailMessage("Übung", "B", "us@example.org", ["ana@example.org"], headers=headers)

    lines = in_both_parts(plain).message().as_bytes().decode().splitlines()

    assert [line for line in headers if f"{line}: {headers[line]}" not in lines] == []
    assert "Subject: =?utf-8?q?=C3=9Cbung?=" in lines
