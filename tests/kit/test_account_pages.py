"""Every page of an account wears our look and keeps to the content policy."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.test import Client

from tests.kit.pages import Reader

FOR_VISITORS = [
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/inactive/",
]
FOR_PEOPLE = [
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
    "/accounts/sessions/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
]

PASSWORD = "a long calm sentence"
PURPOSES = {"username", "email", "current-password", "new-password", "one-time-code"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client) -> Client:
    """A person who has just given her password."""
    person = get_user_model().objects.create_user("ana@example.org", PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def check(client: Client, path: str) -> None:
    """Read the page in one language and find nothing wrong with it."""
    response = client.get(path)
    read = Reader(response.text)

    assert (response.status_code, read.faults) == (200, [])
    assert read.tags.count("h1") == 1
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.text
    assert "placeholder=" not in response.text


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", FOR_VISITORS)
def test_page_for_visitors(client: Client, path: str, language: str) -> None:
    check(client, f"{path}?lang={language}")


@pytest.mark.parametrize("path", FOR_PEOPLE)
def test_page_for_people(signed_in: Client, path: str) -> None:
    check(signed_in, path)


# A11, A17
@pytest.mark.parametrize("path", FOR_VISITORS[:4])
def test_fields_say_what_they_are_for(client: Client, path: str) -> None:
    html = client.get(path).text.partition("<main")[2]

    fields = [tag for tag in html.split("<input ")[1:] if 'type="hidden"' not in tag]
    texts = [tag for tag in fields if 'type="checkbox"' not in tag.split(">")[0]]
    purposes = [tag.split('autocomplete="')[1].split('"')[0] for tag in texts]
    assert len(purposes) == len(texts)
    assert {*purposes} <= PURPOSES


def test_code_can_be_typed_after_signing_up(client: Client) -> None:
    person = {"email": "jon@example.org", "password1": PASSWORD, "adult": "on"}

    page = client.post("/accounts/signup/", person, follow=True)

    assert page.redirect_chain == [("/accounts/confirm-email/", 302)]
    assert Reader(page.text).faults == []
    assert 'autocomplete="one-time-code"' in page.text
    assert "jon@example.org" in page.text


# A15, A16
def test_keys_stand_in_a_table_by_name(signed_in: Client) -> None:
    person = get_user_model().objects.get(email="ana@example.org")
    data = {"name": "Telephone <1>", "credential": {}}
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)

    html = signed_in.get("/accounts/2fa/webauthn/").text

    assert Reader(html).faults == []
    assert html.count("<bdi>Telephone &lt;1&gt;</bdi>") == 3  # its row, and what each link is for


# A2
def test_refused_form_says_so_first(client: Client) -> None:
    page = client.post("/accounts/login/", {"login": "", "password": ""})

    assert page.status_code == 422
    assert "<title>Error: Sign in – Tutela</title>" in page.text
    assert Reader(page.text).faults == []
    assert 'href="#id_login"' in page.text
