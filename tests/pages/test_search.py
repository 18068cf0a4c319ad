"""Search finds what a reader may see, in her language; it keeps nothing and fails at nothing."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction

from courses.models import CourseLanguage, LanguageState, LessonPage, ModulePage, Term
from tests.courses.scene import lesson, publish
from tests.people import make_person, signed_in
from tutela.kit.limits import count
from tutela.pages.models import InformationPage
from tutela.pages.searching import findables, words_in
from tutela.pages.views import SEARCHES_A_MINUTE

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.usefixtures("curriculum")
HEADING = re.compile(r'<h2 class="h3"><a href="([^"]+)"')


def search(client: Client, query: str, language: str = "en", **more: str | int) -> str:
    response = client.get(f"/{language}/search/", {"q": query, **more})
    assert response.status_code == 200
    return response.content.decode()


def found(client: Client, query: str, language: str = "en") -> list[str]:
    return HEADING.findall(search(client, query, language))


LISTENING = "/courses/foundation/respond/when-a-child-tells-you/"


@pytest.mark.parametrize(
    ("language", "query", "address"),
    [
        ("en", "when a child tells you", LISTENING),  # a title
        ("en", "order the steps", LISTENING),  # an objective
        ("en", "smoke detector", "/courses/foundation/recognise/possible-signs/"),  # a body
        ("en", "first safe adult", "/courses/foundation/"),  # what only the course says of itself
        ("en", "participating States", "/about/"),
        ("en", "Barnahus", "/courses/policing/first-response/interviewing-is-a-specialist-task/"),
        ("en", "trafficking", "/glossary/#trafficking"),
        ("fr", "Conseil ministériel", "/about/"),
        ("fr", "signalement", "/glossary/#reporting"),
        ("de", "Vormund", "/glossary/#guardian"),
        ("ru", "опекун", "/glossary/#guardian"),
        ("ru", "ребёнок или подросток", "/help-for-children/"),
        # in the source's words
        ("de", "smoke detector", "/courses/foundation/recognise/possible-signs/"),
    ],
)
def test_a_word_finds_its_place(client: Client, language: str, query: str, address: str) -> None:
    assert f"/{language}{address}" in found(client, query, language)


def test_what_is_read_in_the_source_is_marked(client: Client) -> None:
    german = search(client, "smoke detector", "de")
    assert (
        '<a href="/de/courses/foundation/recognise/possible-signs/" lang="en" dir="ltr">' in german
    )
    assert (
        'lang="en"'
        not in re.findall(r"<ol.*?</ol>", search(client, "smoke detector"), re.DOTALL)[0]
    )


def test_a_reader_finds_her_own_language_only_once(client: Client) -> None:
    assert found(client, "smoke detector", "fr") == []
    french = found(client, "détecteur de fumée", "fr")
    assert french == ["/fr/courses/foundation/recognise/possible-signs/"]


def test_a_result_says_what_it_is_and_how_many_there_are(client: Client) -> None:
    html = search(client, "smoke detector")
    assert '<p role="status">1 result</p>' in html
    assert '<p class="small muted">Lesson · <bdi>Foundation</bdi></p>' in html
    assert "Identify possible signs of exploitation" in html
    assert 'content="noindex"' in html
    assert "<title>Search – Tutela</title>" in html


def test_a_term_is_found_by_its_word_in_another_language(client: Client) -> None:
    assert found(client, "Vormund")[0] == "/en/glossary/#guardian"
    assert found(client, "penale") == []


def test_an_avoided_word_is_found_with_what_to_say_instead(client: Client) -> None:
    html = search(client, "child pornography")
    first = re.findall(r"<li>(.*?)</li>", html.partition('<ol class="found">')[2], re.DOTALL)[0]
    assert "<q>child pornography</q>" in first
    assert "child sexual abuse material (CSAM)" in first


def test_some_words_are_enough_where_no_place_has_all(client: Client) -> None:
    html = search(client, "Barnahus smoke")
    assert "No place has all of your words; 2 have some of them." in html
    assert found(client, "the xyzzy of it") == []


def test_nothing_found_is_answered_kindly(client: Client) -> None:
    html = search(client, "xyzzy")
    assert '<p role="status">0 results</p>' in html
    assert 'href="/en/support/"' in html
    assert '<ol class="found">' not in html


@pytest.mark.parametrize("query", ["", "   ", "?"])
def test_an_empty_query_is_no_error(client: Client, query: str) -> None:
    assert HEADING.findall(search(client, query)) == []


def test_pages_of_twenty(client: Client) -> None:
    first, second = search(client, "child"), search(client, "child", page=2)
    assert len(HEADING.findall(first)) == 20
    assert set(HEADING.findall(first)).isdisjoint(HEADING.findall(second))
    assert "?q=child&amp;page=2" in first
    assert HEADING.findall(search(client, "child", page="nonsense")) == HEADING.findall(first)
    assert search(client, "child", page="-9999999999999999999999")


HOSTILE = [
    "\x01\x02", '"', "'", '"" OR 1=1 --', "NEAR(child, 5)", "title:child", "child*", "* * *", "(((",
    "child AND", "AND OR NOT", "-child", "^child", "{title} : child", "%", "%s %(x)s", "\\", "\\'",
    "<script>alert(1)</script>", "👶", "ﷺ", "a" * 3_000, "child " * 400, "\u202e", "'); DROP TABLE x;",
    "child & | ! <-> tells", ":*", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_breaks_anything(client: Client, query: str) -> None:
    html = search(client, query)
    assert "<script>alert" not in html


@pytest.mark.parametrize("query", ["a" * 10_000, "child\0"])
def test_what_no_address_holds_is_refused(client: Client, query: str) -> None:
    assert client.get("/en/search/", {"q": query}).status_code == 400


def test_few_words_reach_the_database() -> None:
    assert words_in("l'enfant d'abord") == ["enfant", "abord"]
    assert words_in("a b") == ["a", "b"]
    assert words_in('"child" AND (tells*)') == ["child", "AND", "tells"]
    assert len(words_in(" ".join(str(number) * 2 for number in range(100)))) == 8
    assert max(len(word) for word in words_in("x" * 500)) == 40


def queries(client: Client, query: str) -> int:
    search(client, query)
    with CaptureQueriesContext(connection) as captured:
        search(client, query)
    return len(captured)


def test_queries_do_not_grow_with_results(client: Client) -> None:
    assert queries(client, "smoke detector") == queries(client, "child") <= 8
    home = Page.objects.get(url_path="/home/")
    for number in range(3):
        page = InformationPage(
            title=f"Smoke detector {number}", slug=f"s-{number}", body="<p>.</p>"
        )
        home.add_child(instance=page)
        publish(page)
        group = Group.objects.create(name=f"group {number}")
        PageViewRestriction.objects.create(page=page, restriction_type="groups").groups.add(group)
    person = signed_in(make_person("reader"))
    few = queries(person, "smoke detector")
    PageViewRestriction.objects.filter(page__slug="s-0").delete()
    assert queries(person, "smoke detector") == few


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_what_is_closed_to_a_visitor_is_not_found_by_her(client: Client, kind: str) -> None:
    course = Page.objects.get(url_path="/home/courses/foundation/")
    closed = PageViewRestriction.objects.create(page=course, restriction_type=kind)
    group = Group.objects.create(name="Members")
    closed.groups.add(group)
    for language, query in (("en", "smoke detector"), ("fr", "détecteur")):
        assert found(client, query, language) == []
    member = signed_in(make_person("member", "Members"))
    stranger = signed_in(make_person("stranger"))
    assert bool(found(member, "smoke detector")) is (kind != "password")
    assert bool(found(stranger, "smoke detector")) is (kind == "login")


def test_only_offered_releases_are_found(client: Client) -> None:
    module = ModulePage.objects.get(code="foundation-2", locale__language_code="en")
    module.add_child(
        instance=LessonPage(title="Xyzzy", code="F9", slug="new", objective="Select.", body=[])
    )
    publish(lesson("F9"))
    assert found(client, "xyzzy") == []
    CourseLanguage.objects.filter(course__code="foundation").update(state=LanguageState.TRANSLATING)
    caches["pages"].clear()
    assert found(client, "smoke detector") == []


def test_quizzes_and_modules_are_not_searched() -> None:
    kinds = {page.model for page in findables("en")}
    assert {"courses.CoursePage", "courses.LessonPage", "pages.InformationPage"} <= kinds
    assert not {"courses.QuizPage", "courses.ModulePage"} & kinds


def test_what_is_published_is_found_at_once_and_a_draft_is_not(client: Client) -> None:
    page = lesson("F4")
    page.objective = "Identify xyzzy."
    revision = page.save_revision()
    assert found(client, "xyzzy") == []
    revision.publish()
    assert found(client, "xyzzy") == ["/en/courses/foundation/recognise/possible-signs/"]
    lesson("F4").unpublish()
    assert found(client, "xyzzy") == []


def test_a_new_term_is_found_at_once(client: Client) -> None:
    term = Term(
        code="new", term="New", definition="Xyzzy.", locale=Locale.objects.get(language_code="en")
    )
    term.save()
    term.save_revision().publish()
    assert found(client, "xyzzy") == ["/en/glossary/#new"]


def test_who_asks_too_often_waits(client: Client) -> None:
    now = timezone.now()
    for minute in (now, now + timedelta(minutes=1)):  # the next may begin meanwhile
        for _ in range(SEARCHES_A_MINUTE):
            count("search", "127.0.0.1", at=minute)
    assert client.get("/en/search/", {"q": "?"}).status_code == 429
    assert client.get("/en/search/").status_code == 200


def test_no_query_is_kept(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    # The test's own watching of the database makes Django log its queries: nowhere else it does.
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as captured:
        response = client.get("/en/search/", {"q": "xyzzy"})
    said = [record for record in caplog.records if record.name != "django.db.backends"]
    assert not [record for record in said if "xyzzy" in record.getMessage()]
    assert not [row for row in captured if row["sql"].startswith(("INSERT", "UPDATE"))]
    assert not response.cookies
    assert "no-store" in response.headers["Cache-Control"]


def test_every_page_has_the_form(client: Client) -> None:
    html = client.get("/de/").content.decode()
    assert re.search(r'<form class="seek" role="search" action="/de/search/">', html)
    assert client.post("/de/search/").status_code == 405
