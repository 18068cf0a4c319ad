"""The CMS: links lead to sources, translations go with them, bad addresses are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, PageViewRestriction
from wagtail.rich_text import expand_db_html

from courses.models import CoursePage, LessonPage, ModulePage
from courses.wagtail_hooks import take_translations_along
from tests.people import make_person, signed_in

from .scene import LESSON_PATH, lesson, publish

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.usefixtures("curriculum")


@pytest.fixture
def cms() -> Client:
    """Give the client of an administrator."""
    return signed_in(make_person("administrator", is_superuser=True))


def expand(*ids: object, language: str = "fr") -> str:
    links = "".join(f'<a linktype="page" id="{number}">x</a>' for number in ids)
    with translation.override(language):
        return str(expand_db_html(links))


@pytest.mark.parametrize("target", ["en", "fr"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_link_leads_to_the_source_in_the_language_shown(target: str, language: str) -> None:
    found = expand(lesson("F5", target).pk, language=language)
    assert found == f'<a href="/{language}/{LESSON_PATH}">x</a>'


def test_a_link_follows_its_page() -> None:
    page, french = lesson("F5"), lesson("F5", "fr")
    page.move(Page.objects.get(url_path="/home/courses/foundation/recognise/"), pos="last-child")
    address = "/fr/courses/foundation/recognise/when-a-child-tells-you/"
    assert expand(page.pk, french.pk) == f'<a href="{address}">x</a>' * 2
    page.unpublish()
    assert expand(page.pk, french.pk, 999_999, "x") == "<a>x</a>" * 4


@pytest.mark.parametrize("count", [1, 3])
def test_all_links_of_a_text_cost_one_query(count: int) -> None:
    ids = [lesson(f"F{number}").pk for number in range(1, count + 1)]
    expand(*ids)
    with CaptureQueriesContext(connection) as queries:
        expand(*ids)
    assert len(queries) == 1


def test_a_source_takes_its_translations_along() -> None:
    page, french = lesson("F5"), lesson("F5", "fr")
    for action in ("unpublish", "delete"):
        along = take_translations_along([page], action)
        assert [found.pk for found in along[page]] == [french.pk]
    assert take_translations_along([page], "move") == {}
    assert take_translations_along([french], "delete") == {}


@pytest.mark.parametrize("action", ["unpublish", "delete"])
def test_the_cms_takes_translations_along(cms: Client, action: str) -> None:
    page, french = lesson("F5"), lesson("F5", "fr")
    answer = cms.post(reverse(f"wagtailadmin_pages:{action}", args=[page.pk]))
    assert answer.status_code == 302
    assert Page.objects.filter(pk__in=[page.pk, french.pk], live=True).count() == 0


def test_every_page_says_the_address_that_works() -> None:
    page, french = lesson("F5"), lesson("F5", "fr")
    assert (page.url, french.url) == (f"/en/{LESSON_PATH}", f"/fr/{LESSON_PATH}")
    page.slug = "listening"
    publish(page)
    moved = "/fr/courses/foundation/respond/listening/"
    assert lesson("F5", "fr").get_url() == moved
    assert lesson("F5", "fr").full_url == f"http://localhost:8000{moved}"
    assert signed_in(None).get(moved).status_code == 200


def test_the_cms_links_to_the_live_page(cms: Client) -> None:
    page = lesson("F5")
    page.slug = "listening"
    publish(page)
    for language in ("en", "fr"):
        edit = cms.get(reverse("wagtailadmin_pages:edit", args=[lesson("F5", language).pk]))
        assert edit.status_code == 200
        assert f"/{language}/courses/foundation/respond/listening/" in edit.content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_draft_is_previewed_inside_the_cms(cms: Client, language: str) -> None:
    page = lesson("F5", language)
    page.title = "Only a draft"
    page.save_revision()
    answer = cms.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert answer.status_code == 200
    assert "<h1>Only a draft</h1>" in answer.content.decode()
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert "private" in answer.headers["Cache-Control"]


def test_a_page_in_no_release_can_be_previewed(cms: Client) -> None:
    module = ModulePage.objects.get(code="foundation-2", locale__language_code="en")
    page = module.add_child(
        instance=LessonPage(
            title="New", code="F9", slug="new", objective="Select.", body=[], live=False
        )
    )
    page.save_revision()
    answer = cms.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert answer.status_code == 200
    assert "<h1>New</h1>" in answer.content.decode()


def lesson_form(**fields: Any) -> dict[str, Any]:
    return {
        "title": "New", "slug": "new", "code": "F9", "objective": "Select one.", "minutes": "8",
        "objectives_taught": "[]", "content_note": "", "sources": "", "short_version": "null",
        "body-count": "0", "seo_title": "", "search_description": "", "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0", "action-publish": "publish", **fields,
    }  # fmt: skip


def test_the_cms_refuses_a_code_that_is_taken(cms: Client) -> None:
    module = ModulePage.objects.get(code="foundation-2", locale__language_code="en")
    url = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", module.pk])
    answer = cms.post(url, lesson_form(code="F5"))
    assert answer.status_code == 200
    assert "Another page has this code already." in answer.content.decode()


def test_a_code_never_changes_once_it_was_published() -> None:
    page = lesson("F5")
    assert page.code_problem("F5") == ""
    assert (
        page.code_problem("F50") == "This page was published with the code F5, which never changes."
    )
    assert LessonPage().code_problem("F50") == ""


def test_the_cms_refuses_an_address_that_is_another_sources(cms: Client) -> None:
    lesson("F5", "fr").delete()
    module = ModulePage.objects.get(code="foundation-2", locale__language_code="fr")
    url = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", module.pk])
    answer = cms.post(url, lesson_form(slug="when-a-child-tells-you"))
    assert answer.status_code == 200
    assert "has this address already" in answer.content.decode()
    assert LessonPage.objects.filter(code="F9").exists() is False


def test_a_course_can_be_closed_to_members(cms: Client) -> None:
    course = CoursePage.objects.get(code="foundation", locale__language_code="en")
    reader, url = signed_in(None), f"/fr/{LESSON_PATH}"
    assert reader.get(url).status_code == 200
    PageViewRestriction.objects.create(page=course, restriction_type="login")
    answer = reader.get(url)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/fr/_util/login/")
    member = signed_in(make_person("learner")).get(url)
    assert (member.status_code, "no-store" in member.headers["Cache-Control"]) == (200, True)
