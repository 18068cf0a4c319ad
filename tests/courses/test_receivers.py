"""What follows a publish, a move, a deletion: idempotent, and nothing that was learned is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import caches
from wagtail.models import PageViewRestriction
from wagtail.signals import page_published

from courses.models import Completion, CoursePage, LearningObject, LessonPage, StepProgress
from courses.outline import LESSON
from courses.receivers import identify_published_page

from .scene import AT, complete, learner, lesson, publish, read_lessons, steps_of

pytestmark = pytest.mark.usefixtures("curriculum")


def identity(code: str = "F5") -> LearningObject:
    found: LearningObject = LearningObject.objects.get(code=code)
    return found


def test_publishing_again_changes_no_identity() -> None:
    before = list(LearningObject.objects.order_by("code").values())
    for language in ("en", "fr"):
        page = lesson("F5", language)
        identify_published_page(instance=page, sender=LessonPage)
        page_published.send(sender=LessonPage, instance=page, revision=page.latest_revision)
        publish(page)
    assert list(LearningObject.objects.order_by("code").values()) == before


def test_a_copy_with_the_same_code_gets_no_identity_until_it_has_its_own() -> None:
    copy = lesson("F5").copy(update_attrs={"slug": "copy"}, keep_live=True)
    assert LearningObject.objects.filter(key=copy.translation_key).exists() is False
    page = LessonPage.objects.get(pk=copy.pk)
    page.code = "F5-other"
    publish(page)
    assert identity("F5-other").key == page.translation_key


def test_unpublishing_retires_nothing() -> None:
    lesson("F5").unpublish()
    assert identity().retired_at is None


def test_deleting_the_source_retires_it_and_its_return_undoes_that() -> None:
    page = lesson("F5")
    key = page.translation_key
    page.delete()
    assert identity().retired_at is not None
    module = lesson("F6").get_parent()
    again = module.add_child(
        instance=LessonPage(
            title="Back", slug="back", code="F5", objective="Select.", body=[], translation_key=key
        )
    )
    publish(LessonPage.objects.get(pk=again.pk))
    assert identity().retired_at is None


def test_deleting_a_translation_retires_nothing() -> None:
    lesson("F5", "fr").delete()
    assert identity().retired_at is None


def test_deleting_a_course_leaves_what_was_learned() -> None:
    person = learner()
    complete(person, "foundation")
    before = list(Completion.objects.values())
    CoursePage.objects.get(code="foundation", locale__language_code="en").delete()
    assert list(Completion.objects.values()) == before
    assert StepProgress.objects.filter(enrolment__person=person, done_at=AT).count() == 10
    retired = LearningObject.objects.exclude(retired_at=None)
    assert retired.count() == 13  # the course, two modules, eight lessons, two quizzes


def move(page: LessonPage) -> None:
    page.move(lesson("F6"), pos="right")


def rename(page: LessonPage) -> None:
    page.slug = "other"
    page.save()


def restrict(page: LessonPage) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")


@pytest.mark.parametrize(
    "act",
    [publish, move, rename, restrict, lambda page: page.unpublish(), lambda page: page.delete()],
)
def test_the_cache_forgets_what_changed(act: Any) -> None:
    page = lesson("F5")
    caches["pages"].set("kept", "yes")
    act(page)
    assert caches["pages"].get("kept") is None


def test_a_failed_attempt_passes_nothing() -> None:
    from courses.enrolling import start_quiz
    from quizzes.api import answer, submit_attempt

    person = learner()
    read_lessons(person, "foundation")
    quiz = steps_of("foundation", "quiz")[0]
    attempt = start_quiz(person, course="foundation", step=quiz.key, language="en", at=AT)
    for item in attempt.items.select_related("version"):
        wrong = next(key for key in item.order if key not in item.version.right_keys)
        answer(attempt, position=item.position, keys=[wrong], language="en", at=AT)
    assert submit_attempt(attempt, at=AT).passed is False
    assert StepProgress.objects.get(step__code=quiz.code).done_at is None
    assert len(steps_of("foundation", LESSON)) == 8
