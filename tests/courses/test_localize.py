"""What wagtail-localize does that bites, kept away (design, section 3)."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import (
    LocaleSynchronization,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from courses.models import CoursePage, LessonPage, QuizPage
from quizzes.models import Question
from tests.people import make_person, signed_in

from .scene import lesson, publish

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.usefixtures("curriculum")
ROOMS = ("courses", "quizzes", "certificates", "organisations", "site/tutela")


@pytest.fixture
def cms() -> Client:
    """Give the client of an administrator."""
    return signed_in(make_person("administrator", is_superuser=True))


def translation_of(page: Page) -> Translation:
    found: Translation = Translation.objects.get(
        source__object_id=page.translation_key, target_locale__language_code="fr"
    )
    return found


def test_the_settings_publish_nothing_by_themselves() -> None:
    assert settings.WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE is False
    assert "wagtail.contrib.simple_translation" not in settings.INSTALLED_APPS
    assert LocaleSynchronization.objects.exists() is False
    assert Page.objects.exclude(alias_of=None).exists() is False


def test_we_never_save_a_draft_over_a_live_translation() -> None:
    for room in ROOMS:
        for file in (settings.ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "save_target":
                    words = {word.arg: ast.literal_eval(word.value) for word in node.keywords}
                    assert words == {"publish": True}, Path(file).name


def paths(instance: Page | Question) -> tuple[set[str], set[str]]:
    """Return the paths that a translator writes, and those that she may override."""
    segments = extract_segments(instance)
    words = {part.path for part in segments if isinstance(part, StringSegmentValue)}
    return words, {part.path for part in segments if isinstance(part, OverridableSegmentValue)}


def test_a_translator_of_a_lesson_sees_words_only() -> None:
    words, overrides = paths(lesson("P5"))
    fields = {path.split(".")[0] for path in words}
    assert fields <= {
        "title", "seo_title", "search_description", "objective", "content_note", "body", "short_version",
    }  # fmt: skip
    assert {"title", "objective", "body"} <= fields
    ends = {path.rsplit(".", 1)[-1] for path in words if path.startswith("body.")}
    names = {end for end in ends if "-" not in end}  # what is no id of a block
    assert names <= {"title", "text", "introduction", "situation", "feedback", "question"}
    assert "situation" in names
    assert not any(path.startswith(("slug", "body")) for path in overrides)


def values(page: LessonPage) -> set[str]:
    return {
        part.string.data for part in extract_segments(page) if isinstance(part, StringSegmentValue)
    }


def test_codes_nodes_and_ratings_are_offered_to_no_translator() -> None:
    page = lesson("P5")
    [story] = [child.value for child in page.body if child.block_type == "scenario"]
    structure = {page.code, page.slug, page.sources, "best", "acceptable", "harmful"}
    structure |= {node["node"] for node in story["nodes"]}
    structure |= {choice["next"] for node in story["nodes"] for choice in node["choices"]}
    assert values(page) & structure == set()


@pytest.mark.parametrize(
    ("model", "code", "fields"),
    [
        (
            CoursePage,
            "policing",
            {"title", "subtitle", "summary", "description", "objectives", "worth"},
        ),
        (QuizPage, "policing-1-quiz", {"title"}),
        (Question, "P-01", {"stem", "rule", "choices"}),
    ],
)
def test_structure_is_synchronised(model: type, code: str, fields: set[str]) -> None:
    instance = model.objects.get(code=code, locale__language_code="en")  # type: ignore[attr-defined]
    words, overrides = paths(instance)
    assert {path.split(".")[0] for path in words} - {"seo_title", "search_description"} == fields
    assert {path.split(".")[0] for path in overrides} <= {"show_in_menus"}


def test_every_french_page_is_a_translation_with_every_word_done() -> None:
    for page in Page.objects.filter(locale__language_code="en", depth__gt=1):
        found = translation_of(page)
        total, done = found.get_progress()
        assert found.enabled is True
        assert total == done, page.title
    for question in Question.objects.filter(locale__language_code="en"):
        assert len(set(translation_of(question).get_progress())) == 1


@pytest.mark.parametrize("kind", ["lesson", "course", "question"])
def test_the_translation_view_opens(cms: Client, kind: str) -> None:
    if kind == "question":
        question = Question.objects.get(code="P-01", locale__language_code="fr")
        url = reverse("wagtailsnippets_quizzes_question:edit", args=[question.pk])
    else:
        found = {"lesson": LessonPage, "course": CoursePage}[kind].objects
        page = found.filter(locale__language_code="fr")[0]
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = cms.get(url)
    assert answer.status_code == 200
    assert "wagtail_localize/admin/edit_translation.html" in [
        item.name for item in answer.templates
    ]


def test_an_edited_source_can_be_synchronised_and_translated_again(cms: Client) -> None:
    page = lesson("F5")
    page.title = "When somebody tells you"
    publish(page)
    source = TranslationSource.objects.get(object_id=page.translation_key)
    url = reverse("wagtail_localize:update_translations", args=[source.pk])
    assert cms.get(url).status_code == 200
    assert cms.post(url, {"publish_translations": ""}).status_code == 302
    found = translation_of(page)
    total, done = found.get_progress()
    assert total - done == 1
    segment = found.source.stringsegment_set.get(string__data=page.title)
    StringTranslation.objects.create(
        translation_of=segment.string, locale=found.target_locale, context=segment.context,
        data="Quand quelqu'un vous parle",
    )  # fmt: skip
    found.save_target(publish=True)
    assert lesson("F5", "fr").title == "Quand quelqu'un vous parle"
    assert lesson("F5", "fr").slug == page.slug


def test_keys_survive_publishing_moving_and_unpublishing() -> None:
    page = lesson("F5")
    key, blocks = page.translation_key, [child.id for child in page.body]
    publish(page)
    page.move(lesson("F8"), pos="right")
    page = lesson("F5")
    page.unpublish()
    publish(page)
    assert (lesson("F5").translation_key, [child.id for child in lesson("F5").body]) == (
        key,
        blocks,
    )
    assert [child.id for child in lesson("F5", "fr").body] == blocks
