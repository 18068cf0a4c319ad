"""Signing up, in and out, step by step as a browser does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from tests.accounts.signing_in import (
    PASSWORD,
    CountingHasher,
    app_code,
    by_password,
    give_app,
    is_signed_in,
    mailed_code,
    make_person,
    recovery_code,
)
from tutela.accounts.models import MAIL_KIND_HEADER, MailKind, User

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db

WRONG = "a wrong password"
SIGN_UP = {"email": "new@a.example", "password1": PASSWORD, "adult": "on"}


def test_sign_up_is_confirmed_by_a_code_and_leads_back(client: Client) -> None:
    lesson = "/fr/courses/foundation/"
    sent = client.post("/accounts/signup/?lang=fr", {**SIGN_UP, "next": lesson})
    assert sent.headers["Location"].startswith("/accounts/confirm-email/")
    assert not is_signed_in(client)

    confirmed = client.post("/accounts/confirm-email/", {"code": mailed_code()})

    assert confirmed.headers["Location"] == lesson
    assert is_signed_in(client)
    person = User.objects.get(email="new@a.example")
    assert person.language == "fr"
    assert EmailAddress.objects.filter(user=person, verified=True, primary=True).count() == 1


def test_sign_up_asks_who_the_account_is_for(client: Client) -> None:
    asked = {name: value for name, value in SIGN_UP.items() if name != "adult"}

    answer = client.post("/accounts/signup/", {**asked, "next": "/en/organisations/join/token/"})

    html = answer.content.decode()
    assert User.objects.filter(email="new@a.example").count() == 0
    assert 'href="#id_adult"' in html
    kept = ("new@a.example", PASSWORD, "/en/organisations/join/token/")
    assert [value for value in kept if f'value="{value}"' not in html] == []
    assert "no-store" in answer.headers["Cache-Control"]
    assert "birth" not in html


@pytest.mark.parametrize("password", ["short", "elevenchars", "password1234", "new@a.example"])
def test_sign_up_refuses_a_weak_password(client: Client, password: str) -> None:
    client.post("/accounts/signup/", {**SIGN_UP, "password1": password})

    assert User.objects.filter(email="new@a.example").count() == 0


def test_a_wrong_code_is_refused_and_the_third_ends_it(client: Client) -> None:
    client.post("/accounts/signup/", SIGN_UP)
    right = mailed_code()
    wrong = "000000" if right != "000000" else "111111"

    for _try in range(3):
        client.post("/accounts/confirm-email/", {"code": wrong})
    client.post("/accounts/confirm-email/", {"code": right})

    assert not is_signed_in(client)


def test_sign_in_by_code_needs_no_password(client: Client) -> None:
    make_person()
    client.post("/accounts/login/code/", {"email": "Learner@a.example"})

    answer = client.post("/accounts/login/code/confirm/", {"code": mailed_code()})

    assert answer.headers["Location"] == "/accounts/start/"
    assert is_signed_in(client)


def test_a_new_password_is_set_by_code_and_does_not_sign_in(client: Client) -> None:
    make_person()
    client.post("/accounts/password/reset/", {"email": "learner@a.example"})
    client.post("/accounts/password/reset/confirm/", {"code": mailed_code()})
    new = "another long password"
    client.post("/accounts/password/reset/complete/", {"password1": new, "password2": new})

    assert not is_signed_in(client)
    by_password(client, password=new)
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "path", ["/accounts/login/code/", "/accounts/password/reset/", "/accounts/signup/"]
)
def test_nothing_tells_who_has_an_account(path: str) -> None:
    make_person("known@a.example")
    answers = []
    for email in ("known@a.example", "nobody@a.example"):
        client = Client()
        sent = client.post(path, {**SIGN_UP, "email": email})
        shown = client.get(sent.headers["Location"]).content.decode().replace(email, "")
        mailed = [message.to for message in mail.outbox[-1:]]
        again = Client().post(path, {**SIGN_UP, "email": email}).status_code
        answers.append((sent.status_code, sent.headers["Location"], csrf_free(shown), again))
        assert mailed == [[email]]

    assert answers[0] == answers[1]


def csrf_free(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_wrong_password_and_an_unknown_address_look_alike(client: Client) -> None:
    make_person("known@a.example")
    answers = [
        by_password(client, email, password=WRONG).content.decode().replace(email, "")
        for email in ("known@a.example", "nobody@a.example")
    ]

    assert csrf_free(answers[0]) == csrf_free(answers[1])


def test_sign_up_for_a_known_address_hashes_as_for_a_new_one(settings: Settings) -> None:
    """What a sign-up costs must not tell whether the address is known."""
    settings.PASSWORD_HASHERS = ["tests.accounts.signing_in.CountingHasher"]
    make_person("known@a.example")
    counts = []
    for email in ("known@a.example", "nobody@a.example"):
        CountingHasher.count = 0
        Client().post("/accounts/signup/", {**SIGN_UP, "email": email})
        counts.append(CountingHasher.count)

    assert counts == [1, 1]


def test_five_wrong_passwords_close_an_account_for_five_minutes(client: Client) -> None:
    make_person()
    for _try in range(5):
        by_password(client, password=WRONG)

    by_password(client)

    assert not is_signed_in(client)


def test_a_flood_of_sign_ups_is_refused() -> None:
    statuses = [
        Client().post("/accounts/signup/", {**SIGN_UP, "email": f"new{n}@a.example"}).status_code
        for n in range(21)
    ]

    assert statuses == [302] * 20 + [429]


@pytest.mark.parametrize(
    ("path", "allowed"), [("/accounts/login/code/", 3), ("/accounts/password/reset/", 5)]
)
def test_one_address_is_not_flooded_with_codes(path: str, allowed: int) -> None:
    make_person()
    for _try in range(allowed + 2):
        Client().post(path, {"email": "learner@a.example"})

    assert len(mail.outbox) == allowed


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 302)])
def test_a_forwarded_address_counts_only_behind_a_proxy(
    settings: Settings, proxies: int, status: int
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for last in range(21):
        answer = Client(headers={"X-Forwarded-For": f"203.0.113.{last}"}).post(
            "/accounts/signup/", {**SIGN_UP, "email": f"new{last}@a.example"}
        )

    assert answer.status_code == status


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "/%09/evil.example"]
)
def test_nobody_is_led_elsewhere(client: Client, elsewhere: str) -> None:
    make_person()

    answer = by_password(client, next=elsewhere)

    assert answer.headers["Location"] in {"/accounts/start/", "/%09/evil.example"}


def test_a_session_ends_with_the_browser_unless_it_is_to_be_remembered() -> None:
    make_person()
    ages = []
    for fields in ({}, {"remember": "on"}):
        client = Client()
        by_password(client, **fields)
        ages.append(client.cookies["sessionid"]["max-age"])

    assert ages == ["", 14 * 24 * 3600]


def test_a_session_gets_a_new_key_and_dies_with_sign_out(client: Client) -> None:
    make_person()
    client.post("/accounts/login/code/", {"email": "learner@a.example"})
    before = client.cookies["sessionid"].value
    client.post("/accounts/login/code/confirm/", {"code": mailed_code()})
    key = client.cookies["sessionid"].value
    assert key != before

    answer = client.post("/accounts/logout/")

    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    client.cookies["sessionid"] = key
    assert not is_signed_in(client)


def test_sign_out_by_reading_does_nothing(client: Client) -> None:
    make_person()
    by_password(client)

    assert "Clear-Site-Data" not in client.get("/accounts/logout/").headers
    assert is_signed_in(client)


def test_a_person_with_an_app_is_asked_for_its_code(client: Client) -> None:
    give_app(make_person())

    asked = by_password(client, next="/accounts/data/")
    assert asked.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(client)
    answer = client.post("/accounts/2fa/authenticate/", {"code": app_code()})

    assert answer.headers["Location"] == "/accounts/data/"
    assert is_signed_in(client)


def test_an_apps_code_serves_once() -> None:
    give_app(make_person())
    code = app_code()
    signed_in = []
    for _try in range(2):
        client = Client()
        by_password(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        signed_in.append(is_signed_in(client))

    assert signed_in == [True, False]


def test_a_recovery_code_stands_in_once() -> None:
    code = recovery_code(give_app(make_person()))
    signed_in = []
    for _try in range(2):
        client = Client()
        by_password(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        signed_in.append(is_signed_in(client))

    assert signed_in == [True, False]


def test_a_second_address_signs_in_after_the_first_is_gone(client: Client) -> None:
    make_person("work@a.example")
    by_password(client, "work@a.example")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "home@b.example", "action_add": ""})
    client.post("/accounts/confirm-email/", {"code": mailed_code()})
    client.post("/accounts/email/", {"email": "home@b.example", "action_primary": ""})
    client.post("/accounts/email/", {"email": "work@a.example", "action_remove": ""})

    assert User.objects.get().email == "home@b.example"
    other = Client()
    by_password(other, "home@b.example")
    assert is_signed_in(other)


def test_adding_an_address_does_not_tell_whether_it_is_taken(client: Client) -> None:
    make_person("other@a.example")
    make_person()
    by_password(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    answers = [
        client.post("/accounts/email/", {"email": email, "action_add": ""})
        for email in ("other@a.example", "nobody@a.example")
    ]

    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_mails_speak_for_the_site_whatever_host_was_asked(client: Client) -> None:
    client.post("/accounts/signup/", SIGN_UP)

    assert "Tutela" in str(mail.outbox[0].body)
    assert "testserver" not in f"{mail.outbox[0].subject} {mail.outbox[0].body}"


@pytest.mark.parametrize(
    ("path", "email"),
    [
        ("/accounts/signup/", "new@a.example"),
        ("/accounts/signup/", "learner@a.example"),
        ("/accounts/login/code/", "learner@a.example"),
        ("/accounts/login/code/", "nobody@a.example"),
        ("/accounts/password/reset/", "learner@a.example"),
        ("/accounts/password/reset/", "nobody@a.example"),
    ],
)
def test_what_is_waited_for_at_the_screen_goes_first(client: Client, path: str, email: str) -> None:
    make_person()

    client.post(path, {**SIGN_UP, "email": email})

    assert mail.outbox[-1].extra_headers[MAIL_KIND_HEADER] == str(MailKind.CODE.value)


def test_what_only_tells_goes_after_it() -> None:
    context = {"user": make_person(), "email": "learner@a.example"}

    letter = get_adapter().render_mail("mfa/email/totp_activated", "learner@a.example", context)

    assert letter.extra_headers == MailKind.LETTER.header
