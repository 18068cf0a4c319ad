"""Identity, releases and languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from wagtail.models import Page

from courses.catalogue import course_map
from courses.models import (
    Change,
    CourseLanguage,
    CoursePage,
    CourseRelease,
    LanguageState,
    LearningObject,
    LessonPage,
    ModulePage,
    QuizPage,
    Review,
)
from courses.outline import read_outline
from courses.releasing import (
    ReleaseError,
    identify,
    missing_texts,
    release_course,
    release_language,
)
from quizzes.models import Question
from tutela.accounts.models import PermanentRowError

from .scene import AT, lesson, outline_of, publish

pytestmark = pytest.mark.usefixtures("curriculum")


def course(code: str = "policing", language: str = "en") -> CoursePage:
    found: CoursePage = CoursePage.objects.get(code=code, locale__language_code=language)
    return found


def newest(code: str = "policing") -> CourseRelease:
    found: CourseRelease = CourseRelease.objects.newest().get(course__code=code)
    return found


def release(**options: Any) -> CourseRelease:
    return release_course(course(), by=None, at=AT, **options)


def states() -> dict[str, tuple[str, int]]:
    rows = CourseLanguage.objects.filter(course__code="policing").select_related("release")
    return {row.locale: (row.state, row.release.number) for row in rows}


def change_text(code: str = "P1") -> LessonPage:
    page = lesson(code)
    page.objective = "Select the one next step."
    publish(page)
    return page


def test_the_first_release_holds_the_published_tree() -> None:
    first = newest()
    outline = read_outline(first.outline)
    assert (first.number, first.change, first.note) == (1, "material", "Starter curriculum")
    assert [step.code for step in outline.steps] == [
        "P1",
        "P2",
        "P3",
        "P4",
        "P5",
        "P6",
        "policing-1-quiz",
    ]
    assert (outline.requires, outline.validity_months) == (("foundation",), 36)
    assert first.digest == outline.digest


def test_an_unchanged_course_gives_the_same_release() -> None:
    assert release().pk == newest().pk
    assert release_course(course(language="fr"), by=None, at=AT).pk == newest().pk
    assert CourseRelease.objects.count() == 2


def test_a_minor_release_takes_all_languages_along() -> None:
    change_text()
    second = release(note="One word")
    assert (second.number, second.change, second.note) == (2, "minor", "One word")
    assert states() == {"en": ("released", 2), "fr": ("released", 2)}


def test_a_material_release_leaves_the_other_languages_behind() -> None:
    change_text()
    release(change=Change.MATERIAL)
    assert states() == {"en": ("released", 2), "fr": ("outdated", 1)}
    shown = course_map(code="policing", language="fr")
    assert shown is not None
    assert (shown.language, shown.is_fallback, shown.languages) == ("en", True, ["en"])


def test_a_language_falls_behind_when_a_lesson_is_new() -> None:
    module = ModulePage.objects.get(code="policing-1", locale__language_code="en")
    module.add_child(
        instance=LessonPage(title="New", code="P7", slug="new", objective="Select.", body=[])
    )
    publish(lesson("P7"))
    second = release()
    assert states() == {"en": ("released", 2), "fr": ("outdated", 1)}
    assert missing_texts(second, language="fr") == ["P7"]


def test_releases_cannot_be_changed() -> None:
    with pytest.raises(PermanentRowError):
        CourseRelease.objects.update(note="other")
    with pytest.raises(PermanentRowError):
        newest().save()
    with pytest.raises(PermanentRowError):
        newest().delete()


@pytest.mark.parametrize(
    ("model", "code", "missing"),
    [
        (CoursePage, "policing", ["policing: the course is not published"]),
        (ModulePage, "policing-1", ["no module is published"]),
        (QuizPage, "policing-1-quiz", ["policing-1: no quiz is published"]),
    ],
)
def test_a_tree_with_a_gap_is_not_released(model: Any, code: str, missing: list[str]) -> None:
    page = model.objects.get(code=code, locale__language_code="en")
    before = course()
    page.unpublish()
    with pytest.raises(ReleaseError) as caught:
        release_course(before, by=None, at=AT)
    assert caught.value.missing == missing


def test_a_copied_lesson_needs_a_code_of_its_own() -> None:
    page = lesson("P1")
    page.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=True)
    with pytest.raises(ReleaseError) as caught:
        release()
    assert caught.value.missing == ["P1: a copy of this page needs a code of its own"]
    assert LearningObject.objects.get(code="P1").key == page.translation_key


def test_an_alias_has_no_identity() -> None:
    module = Page.objects.get(
        translation_key=ModulePage.objects.filter(code="foundation-1")[0].translation_key,
        locale__language_code="en",
    )
    alias = lesson("P1").create_alias(parent=module)
    assert identify(alias.specific) is None
    assert LearningObject.objects.filter(key=alias.translation_key).exists() is False


def test_identity_is_given_once_and_never_taken() -> None:
    french = lesson("P1", "fr")
    known = identify(french)
    assert known is not None
    assert (known.code, known.kind, known.source_locale) == ("P1", "lesson", "en")
    with pytest.raises(Exception, match="retired, never deleted"):
        known.delete()


@pytest.mark.parametrize("model", [LessonPage, Question])
def test_a_language_with_a_text_unpublished_is_refused(model: Any) -> None:
    code = {LessonPage: "P3", Question: "P-07"}[model]
    model.objects.get(code=code, locale__language_code="fr").unpublish()
    with pytest.raises(ReleaseError) as caught:
        release_language(newest(), language="fr", at=AT)
    assert caught.value.missing == [code]


def test_a_language_with_words_of_the_source_left_is_refused() -> None:
    from wagtail_localize.models import StringTranslation, TranslationSource

    page = lesson("P2")
    page.objective = "Order the first steps anew."
    publish(page)
    source, _ = TranslationSource.update_or_create_from_instance(page)
    source.translations.get().save_target(publish=True)
    assert missing_texts(newest(), language="fr") == ["P2"]
    assert StringTranslation.objects.filter(translation_of__data=page.objective).count() == 0
    release_language(newest(), language="en", at=AT)


def test_a_language_that_nobody_wrote_misses_everything() -> None:
    missing = missing_texts(newest(), language="de")
    assert missing[:3] == ["P1", "P2", "P3"]
    assert {"policing", "policing-1", "policing-1-quiz", "P-01"} <= set(missing)


@pytest.mark.parametrize(
    ("unreviewed", "reviews", "offered"),
    [
        (True, {}, ["en", "fr"]),
        (False, {}, None),
        (False, {"en": Review.READER}, None),
        (False, {"en": Review.PROFESSIONAL}, ["en"]),
        (False, {"fr": Review.PROFESSIONAL}, None),
        (False, {"en": Review.PROFESSIONAL, "fr": Review.PROFESSIONAL}, ["en", "fr"]),
    ],
)
def test_the_language_gate(
    settings: LazySettings, unreviewed: bool, reviews: dict[str, Review], offered: list[str] | None
) -> None:
    settings.OFFER_UNREVIEWED = unreviewed
    for language, review in reviews.items():
        release_language(newest(), language=language, at=AT, review=review, reviewed_by="Dr Reader")
    shown = course_map(code="policing", language="en")
    assert (shown.languages if shown else None) == offered


def test_who_reviewed_a_language_is_kept() -> None:
    row = release_language(
        newest(), language="fr", at=AT, review=Review.PROFESSIONAL, reviewed_by="Dr Reader"
    )
    assert (row.state, row.review, row.reviewed_by, row.reviewed_at) == (
        LanguageState.RELEASED, "professional", "Dr Reader", AT,
    )  # fmt: skip
    shown = course_map(code="policing", language="fr")
    assert shown is not None
    assert (shown.reviewed, shown.reviewer) == (True, "Dr Reader")
    assert release_language(newest(), language="fr", at=AT).reviewed_at is None


def test_a_changed_rule_or_order_is_a_new_outline() -> None:
    before = outline_of("policing")
    lesson("P6").move(lesson("P1"), pos="left")
    second = read_outline(release().outline)
    assert [step.code for step in second.steps][:2] == ["P6", "P1"]
    assert {step.code: step.digest for step in second.steps} == {
        step.code: step.digest for step in before.steps
    }
