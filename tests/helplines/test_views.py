"""The pages that say whom to call, for everybody and without an account."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import caches
from django.utils import timezone

from tests.kit.pages import Reader, faults_of
from tutela.helplines.models import Kind, Status
from tutela.helplines.views import seconds_to_keep

from .records import make_helpline, make_information, verified

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
FALLBACK = "If a child is in danger now, call the emergency number 112 or the police."


def today() -> dict[str, Any]:
    return verified(timezone.localdate(), days=90)


def texts(client: Client, path: str = "/en/help/at/") -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert faults_of(answer.text) == []
    return Reader(answer.text).texts


def test_a_country_is_chosen_from_a_plain_form(client: Client) -> None:
    answer = client.get("/en/help/", {"country": "AT"})

    assert (answer.status_code, answer["Location"]) == (302, "/en/help/at/")


@pytest.mark.parametrize("typed", ["", "zz", "150"])
def test_a_wrong_choice_is_explained(client: Client, typed: str) -> None:
    answer = client.get("/en/help/", {"country": typed})

    assert answer.status_code == 422
    assert "<title>Error: Help in your country – Tutela</title>" in answer.text


def test_every_country_has_a_link(client: Client) -> None:
    assert client.get("/fr/help/").text.count('<a href="/fr/help/') > 68
    assert "Autriche" in texts(client, "/fr/help/")


@pytest.mark.parametrize("country", ["zz", "AT", "150", "001"])
def test_there_is_no_other_country(client: Client, country: str) -> None:
    assert client.get(f"/en/help/{country}/").status_code == 404


@pytest.mark.parametrize("path", ["/en/help/", "/en/help/at/"])
def test_without_a_record_the_fallback_stands(client: Client, path: str) -> None:
    found = texts(client, path)

    assert found.count(FALLBACK) == 2  # in the page, and at the foot of every page
    assert "This site is not a reporting channel." in found


@pytest.mark.parametrize("country", ["jp", "us", "kz"])
def test_beyond_europe_no_number_is_named_that_nobody_verified(
    client: Client, country: str
) -> None:
    assert "112" not in " ".join(texts(client, f"/en/help/{country}/"))

    make_information(country.upper(), emergency_number="110", **today())
    caches["pages"].clear()
    assert "call the emergency number 110 or the police." in client.get(f"/en/help/{country}/").text


@pytest.mark.parametrize(
    ("at", "seconds"),
    [
        (datetime(2026, 3, 2, 11, tzinfo=UTC), 6 * 3600),  # noon in Vienna
        (datetime(2026, 3, 2, 22, 59, 20, tzinfo=UTC), 20),
        (datetime(2026, 3, 2, 22, 59, 59, tzinfo=UTC), 0),
        (datetime(2026, 3, 2, 23, 0, tzinfo=UTC), 12 * 3600),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 10 * 3600 + 2700),  # its clocks go forward
    ],
)
def test_nothing_is_kept_past_the_day_that_it_holds(at: datetime, seconds: int) -> None:
    with timezone.override("Europe/Vienna"):
        assert seconds_to_keep(at) == seconds


def test_a_country_page_says_how_long_it_holds(client: Client) -> None:
    longest = seconds_to_keep(timezone.now())
    kept = re.search(r"s-maxage=(\d+)", client.get("/en/help/at/")["Cache-Control"])

    assert kept is not None
    assert int(kept[1]) <= min(longest, 300)


def test_what_is_verified_is_shown_with_its_date(client: Client) -> None:
    make_helpline(name="Rat", number="0 12-34", **today())
    make_information(police_contact="Call 133", **today())
    page = client.get("/en/help/at/").text

    assert 'href="tel:01234"' in page
    assert {"Rat", "Call 133", "Tell the service."} <= set(Reader(page).texts)
    assert "call the emergency number 133 or the police." in page


def test_what_is_not_verified_or_has_expired_is_not_shown(client: Client) -> None:
    old = timezone.localdate() - timedelta(days=200)
    make_helpline(name="Old", number="1111", **verified(old))
    make_helpline(name="Draft", number="2222", **today() | {"status": Status.DRAFT})
    make_information(emergency_number="3333", **verified(old))
    page = client.get("/en/help/at/").text

    assert [
        hidden for hidden in ("1111", "2222", "3333", "Tell the service") if hidden in page
    ] == []
    assert "The national information was last checked on" in page
    assert FALLBACK in Reader(page).texts


def test_information_in_another_language_is_marked(client: Client) -> None:
    make_information(language="de", reporting_duty_summary="Melden.", **today())

    assert '<div lang="de" dir="ltr"' in client.get("/en/help/at/").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make_helpline(name=f"Line {number}", kind=list(Kind)[number], **today())
    make_information(**today())

    with django_assert_num_queries(2):
        client.get("/en/help/at/")


def test_the_page_is_everybodys_until_a_record_changes(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_capture_on_commit_callbacks: object,
) -> None:
    helpline = make_helpline(number="1111", **today())
    first = client.get("/en/help/at/")
    with django_assert_num_queries(0):
        client.get("/en/help/at/")
    assert "public" in first["Cache-Control"]
    assert not first.cookies

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        helpline.number = "4444"
        helpline.save()
    assert "4444" in client.get("/en/help/at/").text


def test_the_pages_are_found_by_search_engines(client: Client) -> None:
    for path in ("/en/help/", "/en/help/at/"):
        assert "noindex" not in client.get(path).text


def test_footer_leads_everywhere_from_every_page(client: Client) -> None:
    pages = (
        *("help", "help-for-children", "worried-about-a-child", "worried-about-yourself"),
        *("support", "contact", "leaving-quickly", "about", "privacy", "accessibility"),
    )
    for path in ("/en/help/", "/accounts/login/?lang=en", "/en/nothing-here/"):
        footer = client.get(path).text.partition("<footer")[2]
        assert [page for page in pages if f'href="/en/{page}/"' not in footer] == []
