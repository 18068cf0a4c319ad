"""What search engines may find, in which languages, and what they are kept from."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings
from wagtail.models import Locale, Page, PageViewRestriction

from courses.models import CourseLanguage, LanguageState, Review
from tests.courses.scene import AT, LESSON_PATH, lesson
from tests.people import make_person, signed_in
from tutela.pages.models import InformationPage
from tutela.pages.reviewing import review_text
from tutela.pages.sitemaps import Listed, listed_pages

EVERY = [code for code, _ in settings.LANGUAGES]
pytestmark = pytest.mark.usefixtures("curriculum")

BASE = settings.BASE_URL
TAGS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
LINK = re.compile(r'<link rel="(canonical|alternate)"(?: hreflang="([\w-]+)")? href="([^"]+)">')
META = re.compile(r'<meta property="og:(\w+)" content="([^"]*)">')


def find(path: str) -> Listed | None:
    return next((page for page in listed_pages() if page.path == path), None)


def languages(path: str) -> list[str]:
    """Return the languages in which a page may be found, its source's first."""
    page = find(path)
    return list(page.changed) if page else []


def links(client: Client, address: str) -> dict[str, str]:
    """Return the links of a page's head: the canonical address, and one for each language."""
    html = client.get(address).content.decode()
    return {language or rel: href for rel, language, href in LINK.findall(html)}


def test_robots_are_kept_from_what_is_private_and_shown_the_sitemap(client: Client) -> None:
    answer = client.get("/robots.txt")
    lines = answer.content.decode().splitlines()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert lines[0] == "User-agent: *"
    assert {line.partition(" ")[2] for line in lines if line.startswith("Disallow")} == {
        "/accounts/", "/cms/", "/verify/", "/*/learning/", "/*/organisations/",
    }  # fmt: skip
    assert lines[-1] == f"Sitemap: {BASE}/sitemap.xml"


def test_a_sitemap_lists_each_language_with_all_its_alternates(client: Client) -> None:
    answer = client.get("/sitemap.xml")
    urls = {
        url.findtext("s:loc", namespaces=TAGS): {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", TAGS)
        }
        for url in ET.fromstring(answer.content).findall("s:url", TAGS)  # noqa: S314  (our own)
    }
    english, french = f"{BASE}/en/{LESSON_PATH}", f"{BASE}/fr/{LESSON_PATH}"
    assert answer.headers["Content-Type"] == "application/xml"
    assert urls[english] == urls[french] == {"en": english, "fr": french, "x-default": english}
    assert f"{BASE}/de/{LESSON_PATH}" not in urls


def test_what_a_sitemap_lists_is_there_and_may_be_indexed(client: Client) -> None:
    for address in {address for page in listed_pages() for address, _ in page.places}:
        answer = client.get(address.removeprefix(BASE))
        assert (answer.status_code, address) == (200, address)
        assert b'content="noindex"' not in answer.content


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", EVERY),
        ("about/", EVERY),
        ("courses/", EVERY),
        ("courses/foundation/", ["en", "fr"]),
        (LESSON_PATH, ["en", "fr"]),
        ("sectors/", EVERY),
        ("sectors/education/", EVERY),
        ("support/", EVERY),
        ("courses/foundation/respond/", []),
        ("courses/foundation/respond/quiz/", []),
    ],
)
def test_a_page_is_found_in_the_languages_that_it_is_offered_in(
    path: str, expected: list[str]
) -> None:
    assert languages(path) == expected


def test_a_language_of_the_course_that_is_not_released_is_not_found() -> None:
    french = CourseLanguage.objects.filter(course__code="foundation", locale="fr")
    french.update(state=LanguageState.OUTDATED)
    caches["pages"].clear()
    assert languages("courses/foundation/") == languages(LESSON_PATH) == ["en"]
    assert languages("about/") == EVERY


@override_settings(OFFER_UNREVIEWED=False)
def test_what_nobody_reviewed_is_not_found() -> None:
    caches["pages"].clear()
    assert languages(LESSON_PATH) == languages("courses/foundation/") == []
    assert languages("courses/") == EVERY
    assert languages("support/") == languages("sectors/education/") == []


@override_settings(OFFER_UNREVIEWED=False)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_guarded_page_is_found_in_the_words_that_a_professional_reviewed(
    client: Client, language: str
) -> None:
    page = InformationPage.objects.get(slug="support", locale__language_code=language)
    review_text(
        page,
        review=Review.PROFESSIONAL,
        reviewed_by="Reader One, child protection",
        reviewed_on=AT.date(),
        by=make_person("publisher"),
        at=AT,
    )
    caches["pages"].clear()
    address = f"{BASE}/{language}/support/"
    expected = {"canonical": address, language: address, "x-default": address}
    assert languages("support/") == [language]
    assert links(client, f"/{language}/support/") == expected
    assert links(client, "/de/support/") == (expected if language == "en" else {})


def test_a_translation_that_is_not_live_is_not_found() -> None:
    lesson("F5", "fr").unpublish()
    caches["pages"].clear()
    assert languages(LESSON_PATH) == ["en"]


@pytest.mark.parametrize("closed", ["about/", "courses/foundation/", "courses/"])
def test_what_not_everybody_may_read_is_not_found(closed: str) -> None:
    page = Page.objects.get(url_path=f"/home/{closed}")
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert not [found.path for found in listed_pages() if found.path.startswith(closed)]


def test_queries_do_not_grow_with_languages_or_pages() -> None:
    others = ("de", "it", "ru", "es")
    InformationPage.objects.filter(slug="about", locale__language_code__in=others).delete()
    listed_pages()  # the courses' maps are kept
    with CaptureQueriesContext(connection) as few:
        listed_pages()
    about = InformationPage.objects.get(url_path="/home/about/")
    for code in others:
        locale = Locale.objects.get(language_code=code)
        about.copy_for_translation(locale, copy_parents=True).save_revision().publish()
    about.copy(update_attrs={"slug": "again"})
    listed_pages()
    with CaptureQueriesContext(connection) as more:
        listed_pages()
    assert languages("about/") == ["en", "fr", "de", "it", "ru", "es"]
    assert len(more) == len(few)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_says_where_it_is_in_other_languages(client: Client, language: str) -> None:
    english, french = f"{BASE}/en/{LESSON_PATH}", f"{BASE}/fr/{LESSON_PATH}"
    assert links(client, f"/{language}/{LESSON_PATH}") == {
        "canonical": english if language == "en" else french,
        "en": english,
        "fr": french,
        "x-default": english,
    }


def test_a_page_in_other_words_than_asked_for_points_to_the_source(client: Client) -> None:
    found = links(client, f"/de/{LESSON_PATH}")
    assert found["canonical"] == found["x-default"] == f"{BASE}/en/{LESSON_PATH}"
    assert "de" not in found


def test_a_page_beside_the_tree_speaks_every_language(rf: RequestFactory) -> None:
    html = render_to_string("kit/base.html", {"indexed": True}, rf.get("/de/help/"))
    found = {language or rel: href for rel, language, href in LINK.findall(html)}
    assert found.pop("canonical") == f"{BASE}/de/help/"
    assert list(found) == [*dict(settings.LANGUAGES), "x-default"]
    listed = next(page for page in listed_pages(["help/"]) if page.path == "help/")
    assert dict(listed.alternates) == {code: found[code] for code in dict(settings.LANGUAGES)}
    assert listed.default == found["x-default"]


@pytest.mark.parametrize(
    "path", ["/en/courses/foundation/respond/", "/verify/", "/accounts/login/", "/en/none/"]
)
def test_what_is_not_indexed_says_nothing_of_the_kind(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert LINK.findall(html) == META.findall(html) == []


def test_who_is_signed_in_is_no_search_engine() -> None:
    client = signed_in(make_person("reader"))
    assert links(client, f"/en/{LESSON_PATH}") == {}


def test_a_shared_link_shows_title_and_language_and_no_picture(client: Client) -> None:
    found = dict(META.findall(client.get(f"/fr/{LESSON_PATH}").content.decode()))
    assert set(found) == {"type", "site_name", "title", "description", "url", "locale"}
    assert found["site_name"] == "Tutela"
    assert found["title"].startswith(lesson("F5", "fr").title)
    assert (found["locale"], found["url"]) == ("fr", f"{BASE}/fr/{LESSON_PATH}")
