"""One address in every language: the same page, in its words or in the source's, marked."""

from __future__ import annotations

import re

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils.html import escape

from tests.courses.scene import LESSON_PATH, learner
from tests.pages.scene import LANGUAGES
from tests.people import signed_in
from tutela.pages.models import HomePage

pytestmark = pytest.mark.usefixtures("curriculum")

# What has words of an author in it, and what is only the interface's.
PAGES = [
    "", "courses/", "courses/foundation/", "courses/foundation/respond/", LESSON_PATH,
    "courses/foundation/respond/quiz/", "sectors/", "sectors/policing/", "about/", "contact/",
    "help-for-children/",
]  # fmt: skip
OTHERS = [
    "/accounts/login/",
    "/accounts/signup/",
    "/verify/",
    "/verify/0123456789ABCDEFGHJKMNPQRS/",
]
SWITCH = re.compile(r'<a href="([^"]*)" lang="(\w\w)" hreflang="\2"')
LEARNERS = ["learning/", "learning/certificates/", "organisations/"]


def read(address: str, client: Client | None = None) -> str:
    return str((client or signed_in(None)).get(address).content.decode())


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_is_not_translated_is_shown_in_the_source_with_a_notice(path: str) -> None:
    for language in ("de", "it", "ru", "es"):
        HomePage.objects.get(locale__language_code=language).delete()
        caches["pages"].clear()
        html = read(f"/{language}/{path}")
        assert f'<html lang="{language}" dir="ltr">' in html
        assert 'role="note"' in main_of(html)
        assert re.search(r'<(span|div|p) lang="en" dir="ltr"><?[^<]', main_of(html))
    for language in ("en", "fr"):
        html = main_of(read(f"/{language}/{path}"))
        assert 'role="note"' not in html
        assert '<div lang="en"' not in html


@pytest.mark.parametrize("path", [*PAGES, "nothing/"])
def test_the_switch_leads_to_the_same_page(path: str) -> None:
    for language in ("en", "ru"):
        found = {code: url for url, code in SWITCH.findall(read(f"/{language}/{path}"))}
        assert found == {code: f"/{code}/{path}" for code in LANGUAGES if code != language}


@pytest.mark.parametrize("path", LEARNERS)
def test_the_switch_leads_a_learner_to_the_same_page(path: str) -> None:
    client = signed_in(learner())
    for language in LANGUAGES:
        html = read(f"/{language}/{path}", client)
        assert f'<html lang="{language}" dir="ltr">' in html
        found = {code: url for url, code in SWITCH.findall(html)}
        assert found == {code: f"/{code}/{path}" for code in LANGUAGES if code != language}


@pytest.mark.parametrize("address", OTHERS)
def test_addresses_without_a_language_keep_to_the_one_that_was_chosen(address: str) -> None:
    for language in LANGUAGES:
        client = Client(headers={"host": "localhost", "accept-language": "en"})
        html = read(f"{address}?lang={language}", client)
        assert f'<html lang="{language}" dir="ltr">' in html
        found = {code: url for url, code in SWITCH.findall(html)}
        assert found == {code: f"{address}?lang={code}" for code in LANGUAGES if code != language}
        assert f'<html lang="{language}"' in read(address, client)


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/en/courses/?sector=policing", "/ru/courses/?sector=policing"),
        (
            "/accounts/login/?next=/en/courses/&lang=en",
            "/accounts/login/?next=/ru/courses/&lang=ru",
        ),
        ("/accounts/login/?next=/accounts/", "/accounts/login/?next=/accounts/&lang=ru"),
        ("/en/courses/?a=<script>", "/ru/courses/?a=%3Cscript%3E"),
    ],
)
def test_the_switch_keeps_what_was_asked_of_the_page(address: str, there: str) -> None:
    found = {code: url for url, code in SWITCH.findall(read(address))}
    assert found["ru"].replace("%2F", "/") == escape(there)


def test_a_link_of_lent_words_leads_to_the_readers_language() -> None:
    html = main_of(read("/ru/sectors/policing/"))
    assert 'href="/ru/help/"' in html
    assert 'href="/en/' not in html


@pytest.mark.parametrize(
    ("preference", "browser", "address", "shown"),
    [
        ("ru", "fr", "/de/about/", "de"),
        ("ru", "fr", "/accounts/preferences/", "ru"),
        ("ru", "fr", "/accounts/preferences/?lang=it", "it"),
        ("ru", "fr", "/verify/", "ru"),
        ("", "es-AR,es;q=0.9", "/verify/", "es"),
        ("", "uk", "/verify/", "en"),
    ],
)
def test_a_language_is_chosen_by_address_then_preference_then_browser(
    preference: str, browser: str, address: str, shown: str
) -> None:
    client = signed_in(learner(language=preference)) if preference else signed_in(None)
    answer = client.get(address, headers={"accept-language": browser})
    assert answer.headers["Content-Language"] == shown


def test_no_address_of_a_machine_and_no_time_zone_choose_a_language() -> None:
    client = signed_in(None)
    for where in ({"cf-ipcountry": "RU"}, {"x-country": "RU"}):
        answer = client.get("/verify/", headers=where, REMOTE_ADDR="95.173.136.70")
        assert answer.headers["Content-Language"] == "en"
