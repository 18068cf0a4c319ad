"""The operator's switch: it needs no database, and everybody is told the truth."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone, translation

from tests.kit.pages import faults_of
from tutela.upkeep.maintenance import (
    Closing,
    close_site,
    closing,
    read_until,
    reopen_site,
    switch,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries, Settings

AT = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_switch(settings: Settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "var"


def run(*words: str) -> str:
    out = StringIO()
    call_command("maintenance", *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("23:30", datetime(2026, 11, 24, 23, 30, tzinfo=UTC)),
        ("06:00", datetime(2026, 11, 25, 6, 0, tzinfo=UTC)),
        ("2026-12-01T08:00", datetime(2026, 12, 1, 8, 0, tzinfo=UTC)),
        ("2026-12-01 08:00+01:00", datetime(2026, 12, 1, 7, 0, tzinfo=UTC)),
    ],
)
def test_the_time_that_an_operator_means(text: str, meant: datetime) -> None:
    assert read_until(text, at=AT) == meant


@pytest.mark.parametrize(
    ("until", "seconds"),
    [
        (None, 300),
        (AT, 300),
        (AT - timedelta(hours=1), 300),
        (AT + timedelta(seconds=2), 30),
        (AT + timedelta(hours=2), 7200),
    ],
)
def test_when_it_is_worth_asking_again(until: datetime | None, seconds: int) -> None:
    assert Closing(until).seconds(at=AT) == seconds


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", Closing()),
        (b"tonight\n", Closing()),
        (b"\xff", Closing()),
        (b"2026-11-24T22:00:00+00:00\n", Closing(AT)),
        (b"2026-11-24T22:00", Closing(AT)),
    ],
)
def test_a_file_by_hand_closes_the_site(content: bytes, found: Closing) -> None:
    switch().parent.mkdir()
    switch().write_bytes(content)

    assert closing() == found


def test_the_command_closes_and_opens() -> None:
    assert run() == "The site is open.\n"
    assert run("on") == "The site is closed for maintenance.\n"
    assert run("on", "--until", "2099-01-01T06:30") == (
        "The site is closed for maintenance; visitors read: until 2099-01-01 06:30 UTC.\n"
    )
    assert closing() == Closing(datetime(2099, 1, 1, 6, 30, tzinfo=UTC))
    assert run("off") == "The site is open.\n"
    assert run("off") == "The site is open.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["on", "--until", "soon"], "'soon' is no time: write 23:30 or 2026-11-24T23:30."),
        (["on", "--until", "2020-01-01T00:00"], "2020-01-01T00:00 has passed."),
        (["off", "--until", "23:30"], "--until belongs to `maintenance on`."),
    ],
)
def test_the_command_refuses(words: list[str], said: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(*words)

    assert str(refused.value) == said
    assert closing() is None


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("path", ["/en/", "/cms/", "/verify/", "/nowhere/", "/media/images/a.png"])
def test_every_address_is_closed_without_a_database(
    client: Client, path: str, signed_in: bool
) -> None:
    """No mark lets this test reach a database."""
    if signed_in:
        client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    close_site(until=None)

    answer = client.get(path)

    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"] or path == "/cms/"
    assert "The service is closed for maintenance." in answer.text
    assert faults_of(answer.text) == []


def test_a_cached_page_is_closed_too(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    client.get("/robots.txt")
    close_site(until=None)

    with django_assert_num_queries(0):
        assert client.get("/robots.txt").status_code == 503


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        ("/fr/", {"accept-language": "de"}, "fr"),
        ("/verify/?lang=ru", {"accept-language": "de"}, "ru"),
        ("/verify/?lang=xx", {"accept-language": "de"}, "de"),
        ("/verify/", {"accept-language": "de", "cookie": "language=es"}, "es"),
        ("/verify/", {}, "en"),
    ],
)
def test_the_page_speaks_the_visitors_language(
    client: Client, path: str, headers: dict[str, str], language: str
) -> None:
    close_site(until=None)

    answer = client.get(path, headers=headers)

    with translation.override(language):
        heading = translation.gettext("The service cannot answer just now")
    assert f'<html lang="{language}"' in answer.text
    assert heading in answer.text


def test_the_page_says_until_when(client: Client, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Vienna"
    close_site(until=datetime(2099, 1, 1, 6, 30, tzinfo=UTC))
    timezone.activate("Asia/Tokyo")  # left by the last request of this thread

    answer = client.get("/en/")

    assert "It should be open again on 1 January 2099 at 07:30 (CET)." in answer.text
    assert int(answer["Retry-After"]) > 86_400


def test_a_time_that_has_passed_is_not_told(client: Client) -> None:
    close_site(until=timezone.now() - timedelta(minutes=1))

    answer = client.get("/en/")

    assert "It should be open again" not in answer.text
    assert answer["Retry-After"] == "300"


def test_what_was_posted_is_kept_and_can_be_sent_later() -> None:
    """The token that the page holds belongs to the cookie that came with it."""
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    close_site(until=None)

    kept = client.post("/verify/", {"code": "1234 <b>"})

    assert kept.status_code == 503
    assert '<input type="hidden" name="code" value="1234 &lt;b&gt;">' in kept.text
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', kept.text)
    assert found
    reopen_site()
    again = client.post("/verify/", {"code": "1234", "csrfmiddlewaretoken": found[1]})
    assert again.status_code == 422  # read, and refused for what it says


def test_watchers_are_told(client: Client) -> None:
    close_site(until=None)

    assert (client.get("/healthz").status_code, client.get("/healthz").content) == (200, b"ok\n")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.content) == (503, b"maintenance\n")


def test_stylesheets_are_served_still(client: Client) -> None:
    close_site(until=None)

    answer = client.get("/static/kit/favicon.svg")
    answer.close()

    assert answer.status_code == 200
