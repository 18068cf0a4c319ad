"""The source tree alone decides which addresses exist."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Locale, Page

from courses.models import CoursePage, LessonPage, ModulePage
from tests.courses.scene import AT, LESSON_PATH, lesson, publish
from tutela.pages.models import HomePage, InformationPage
from tutela.pages.routing import find_page

pytestmark = pytest.mark.usefixtures("curriculum")


def at(path: str, language: str) -> tuple[int, str, bool] | None:
    """Return the source's number, the language of the words, and whether they are a fallback."""
    lent = find_page(path, language=language)
    return None if lent is None else (lent.source.pk, lent.language, lent.is_fallback)


@pytest.mark.parametrize(
    "path",
    ["", "courses/", "about/", "courses/foundation/", "courses/foundation/respond/", LESSON_PATH,
     "courses/foundation/respond/quiz/"],
)  # fmt: skip
def test_one_path_is_one_page_in_every_language(path: str) -> None:
    english, french = find_page(path, language="en"), find_page(path, language="fr")
    assert english is not None
    assert french is not None
    assert english.source == french.source
    assert (english.language, french.language) == ("en", "fr")
    assert english.text == english.source
    assert french.text.translation_key == french.source.translation_key


@pytest.mark.parametrize(
    "path", ["ghost/", "courses/ghost/", "home/", "home-1/courses/", "courses"]
)
def test_what_is_nowhere_is_no_address(path: str) -> None:
    assert at(path, "en") is None
    assert at(path, "fr") is None


@pytest.mark.parametrize("path", [LESSON_PATH, "about/", "courses/foundation/"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_is_found_with_two_queries(path: str, language: str) -> None:
    find_page(path, language=language)
    with CaptureQueriesContext(connection) as queries:
        find_page(path, language=language)
    assert len(queries) == 2


def test_a_moved_source_moves_in_every_language() -> None:
    lesson("F5").move(
        Page.objects.get(url_path="/home/courses/foundation/recognise/"), pos="last-child"
    )
    moved = "courses/foundation/recognise/when-a-child-tells-you/"
    assert at(LESSON_PATH, "en") is at(LESSON_PATH, "fr") is None
    assert at(moved, "en") == (lesson("F5").pk, "en", False)
    assert at(moved, "fr") == (lesson("F5").pk, "fr", False)


def test_a_new_slug_of_the_source_holds_in_every_language() -> None:
    page = lesson("F5")
    page.slug = "listening"
    publish(page)
    assert at(LESSON_PATH, "fr") is None
    assert at("courses/foundation/respond/listening/", "fr") == (page.pk, "fr", False)


def test_a_translations_own_place_is_no_address() -> None:
    french = lesson("F5", "fr")
    french.move(
        Page.objects.get(url_path="/home-1/courses/foundation/recognise/"), pos="last-child"
    )
    assert at("courses/foundation/recognise/when-a-child-tells-you/", "fr") is None
    assert at(LESSON_PATH, "fr") == (lesson("F5").pk, "fr", False)


@pytest.mark.parametrize("path", ["about/", "courses/foundation/"])
def test_an_unpublished_source_is_gone_in_every_language(path: str) -> None:
    find_page(path, language="fr")
    Page.objects.get(url_path=f"/home/{path}").unpublish()
    assert at(path, "en") is at(path, "fr") is None


def test_without_its_translated_tree_a_page_is_shown_in_the_source() -> None:
    source = HomePage.objects.get(locale__language_code="en")
    HomePage.objects.get(locale__language_code="fr").delete()
    assert at("", "fr") == (source.pk, "en", True)
    assert at(LESSON_PATH, "fr") == (lesson("F5").pk, "en", True)
    about = InformationPage.objects.get(url_path="/home/about/", locale=source.locale)
    assert at("about/", "fr") == (about.pk, "en", True)


def test_wrong_numbers_of_children_hide_nothing() -> None:
    Page.objects.filter(locale__language_code="fr").update(numchild=0)
    assert at(LESSON_PATH, "fr") == (lesson("F5").pk, "fr", False)


def test_a_page_in_no_release_is_seen_in_preview_only() -> None:
    module = ModulePage.objects.get(code="foundation-2", locale__language_code="en")
    module.add_child(
        instance=LessonPage(title="New", code="F9", slug="new", objective="Select.", body=[])
    )
    publish(lesson("F9"))
    assert at("courses/foundation/respond/new/", "en") is None
    from courses.releasing import release_course

    course = CoursePage.objects.get(code="foundation", locale__language_code="en")
    release_course(course, by=None, at=AT)
    assert at("courses/foundation/respond/new/", "en") == (lesson("F9").pk, "en", False)


def french_source(slug: str) -> InformationPage:
    """Return a page that is written in French first."""
    home = HomePage.objects.get(locale__language_code="fr")
    page = InformationPage(title="Aide", slug=slug, body="<p>Oui</p>")
    home.add_child(instance=page)
    publish(page)
    return page


def test_a_body_that_writes_in_french_is_at_home() -> None:
    page = french_source("aide")
    assert at("aide/", "fr") == (page.pk, "fr", False)
    assert at("aide/", "en") == (page.pk, "fr", True)
    page.copy_for_translation(Locale.objects.get(language_code="en")).save_revision().publish()
    assert at("aide/", "en") == (page.pk, "en", False)


def test_two_sources_cannot_have_one_address() -> None:
    InformationPage.objects.get(slug="about", locale__language_code="fr").delete()
    with pytest.raises(ValidationError, match="has this address already"):
        french_source("about")
    page = french_source("aide")
    InformationPage.objects.get(slug="privacy", locale__language_code="fr").delete()
    page.slug = "privacy"
    with pytest.raises(ValidationError, match="has this address already"):
        page.save()


def test_the_home_page_routes_by_the_source_too() -> None:
    request = RequestFactory().get("/fr/")
    home = HomePage.objects.get(locale__language_code="fr")
    with translation.override("fr"):
        found = home.route(request, LESSON_PATH.strip("/").split("/"))
        [lent] = found.args
        with pytest.raises(Http404):
            home.route(request, ["ghost"])
    assert (found.page.pk, lent.language) == (lesson("F5").pk, "fr")
