"""The person's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError

from tests.accounts.signing_in import PASSWORD, by_password, make_person
from tutela.accounts.forms import zones
from tutela.accounts.models import User

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

PAGES = ("", "start/", "preferences/", "data/", "data/file/", "close/")


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in(client: Client, page: str) -> None:
    answer = client.get(f"/accounts/{page}")

    assert answer.headers["Location"] == f"/accounts/login/?next=/accounts/{page}"


@pytest.mark.parametrize("page", ["", "preferences/", "data/", "close/"])
def test_pages_are_private_and_not_indexed(client: Client, page: str) -> None:
    by_password(client, make_person().email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    answer = client.get(f"/accounts/{page}")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_the_overview_offers_a_private_address(client: Client) -> None:
    client.force_login(make_person())

    assert "when you leave your employer" in client.get("/accounts/").content.decode()


@pytest.mark.parametrize(("language", "path"), [("fr", "/fr/learning/"), ("", "/en/learning/")])
def test_signing_in_leads_to_learning(client: Client, language: str, path: str) -> None:
    client.force_login(make_person(language=language))

    assert client.get("/accounts/start/").headers["Location"] == path


def test_preferences_are_kept(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    wanted = {"first_name": "Ada", "language": "fr", "time_zone": "Asia/Almaty"}

    assert client.post("/accounts/preferences/", wanted).status_code == 303

    person.refresh_from_db()
    assert {name: getattr(person, name) for name in wanted} == wanted
    assert '<html lang="fr"' in client.get("/accounts/preferences/").content.decode()


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"time_zone": "Mars/Olympus"}])
def test_preferences_refuse_what_does_not_exist(client: Client, wrong: dict[str, str]) -> None:
    person = make_person()
    client.force_login(person)

    answer = client.post("/accounts/preferences/", {"language": "fr", "time_zone": "", **wrong})

    assert answer.status_code == 422
    assert "<title>Error: " in answer.content.decode()
    person.refresh_from_db()
    assert (person.language, person.time_zone) == ("", "")


def test_nothing_but_preferences_can_be_set(client: Client) -> None:
    person = make_person()
    client.force_login(person)

    client.post(
        "/accounts/preferences/",
        {"language": "fr", "time_zone": "", "is_superuser": "on", "email": "x@a.example"},
    )

    person.refresh_from_db()
    assert (person.is_superuser, person.email) == (False, "learner@a.example")


def test_time_zones_are_named_after_places() -> None:
    names = dict(zones())

    assert {"Europe/Vienna", "Asia/Almaty", "America/New_York"} <= set(names)
    assert "UTC" not in names
    assert names["America/New_York"] == "America/New York"


def test_an_account_is_made_whole_or_not_at_all(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise OperationalError

    monkeypatch.setattr("tutela.accounts.forms.setup_user_email", fail)
    form = {"email": "new@a.example", "password1": PASSWORD, "adult": "on"}

    answer = client.post("/accounts/signup/", form)

    assert (answer.status_code, User.objects.count()) == (503, 0)
