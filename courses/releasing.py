"""Identity, releases and languages: what changes what completing a course means."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from quizzes.models import Question
from wagtail.models import Locale

from .models import (
    Change,
    CourseLanguage,
    CoursePage,
    CourseRelease,
    LanguageState,
    LearningObject,
    LessonPage,
    ModulePage,
    ObjectKind,
    QuizPage,
    Review,
)
from .outline import LESSON, QUIZ, Outline, Part, Rule, Step, read_outline

if TYPE_CHECKING:
    from datetime import datetime

    from tutela.accounts.models import User

KINDS = {
    CoursePage: ObjectKind.COURSE,
    ModulePage: ObjectKind.MODULE,
    LessonPage: ObjectKind.LESSON,
    QuizPage: ObjectKind.QUIZ,
}


class ReleaseError(ValueError):
    """A course or a language cannot be released; `missing` says what is in the way."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("; ".join(missing))
        self.missing = missing


def identify(page: CoursePage | ModulePage | LessonPage | QuizPage) -> LearningObject | None:
    """Return the identity of a page, made at its first publish; None for an alias.

    The first language that is published under a translation key is the source.
    """
    if page.alias_of_id:
        return None
    known = LearningObject.objects.filter(key=page.translation_key).first()
    if known:
        return known
    try:
        with transaction.atomic():
            return LearningObject.objects.create(
                key=page.translation_key,
                kind=KINDS[type(page)],
                code=page.code,
                source_locale=page.locale.language_code,
            )
    except IntegrityError:
        return LearningObject.objects.filter(key=page.translation_key).first()


def draw_up_outline(course: CoursePage) -> Outline:
    """Return the outline of the published source tree as it stands now.

    Raises `ReleaseError` where nothing is published, or a module has no lesson or quiz.
    """
    modules = ModulePage.objects.child_of(course).live().order_by("path")
    parts = [_part(module) for module in modules]
    missing = [] if parts else ["no module is published"]
    for part in parts:
        kinds = {step.kind for step in part.steps}
        missing += [f"{part.code}: no {kind} is published" for kind in {LESSON, QUIZ} - kinds]
    if missing:
        raise ReleaseError(missing)
    return Outline(
        key=str(course.translation_key),
        code=course.code,
        sector=course.sector,
        source_locale=course.locale.language_code,
        requires=tuple(course.requires),
        validity_months=course.validity_months,
        modules=tuple(parts),
    )


def _part(module: ModulePage) -> Part:
    lessons = LessonPage.objects.child_of(module).live().order_by("path")
    quizzes = QuizPage.objects.child_of(module).live().order_by("path")
    steps = [_lesson_step(lesson) for lesson in lessons] + [_quiz_step(quiz) for quiz in quizzes]
    return Part(key=str(module.translation_key), code=module.code, steps=tuple(steps))


def _lesson_step(lesson: LessonPage) -> Step:
    scenarios = sum(
        child.value["minutes"] for child in lesson.body if child.block_type == "scenario"
    )
    text = json.dumps(
        [lesson.objective, list(lesson.body.raw_data), lesson.short_version],
        sort_keys=True,
        default=str,
    )
    return Step(
        key=str(lesson.translation_key),
        kind=LESSON,
        code=lesson.code,
        minutes=lesson.minutes + scenarios,
        sensitive=lesson.sensitive,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _quiz_step(quiz: QuizPage) -> Step:
    return Step(
        key=str(quiz.translation_key),
        kind=QUIZ,
        code=quiz.code,
        minutes=quiz.minutes,
        rule=Rule(
            bank=quiz.bank,
            draw=quiz.draw,
            pass_percent=quiz.pass_percent,
            critical_minimum=quiz.critical_minimum,
        ),
    )


def newest_release(course: LearningObject) -> CourseRelease | None:
    """Return the release that decides what learners see, or None before the first."""
    return CourseRelease.objects.filter(course=course).order_by("-number").first()


def release_course(
    course: CoursePage, *, by: User | None, at: datetime, change: str = Change.MINOR, note: str = ""
) -> CourseRelease:
    """Freeze the published tree as the course's next release and return it.

    An outline that did not change gives the newest release back. A material change turns the other
    languages outdated. Raises `ReleaseError` where the tree cannot be released.
    """
    outline = draw_up_outline(course)
    with transaction.atomic():
        identity = LearningObject.objects.select_for_update().get(key=course.translation_key)
        newest = newest_release(identity)
        if newest and newest.digest == outline.digest:
            return newest
        release = CourseRelease.objects.create(
            course=identity,
            number=newest.number + 1 if newest else 1,
            outline=outline.as_json(),
            digest=outline.digest,
            change=change if newest else Change.MATERIAL,
            note=note,
            released_by=by,
            released_at=at,
        )
        languages = CourseLanguage.objects.filter(course=identity)
        if release.change == Change.MATERIAL:
            languages.exclude(locale=outline.source_locale).update(state=LanguageState.OUTDATED)
        else:
            languages.filter(state=LanguageState.RELEASED).update(release=release)
    return release


def missing_texts(release: CourseRelease, *, language: str) -> list[str]:
    """Return the codes of all texts of a release that are not published in a language."""
    outline = read_outline(release.outline)
    keys = [outline.key, *(part.key for part in outline.modules)]
    keys += [step.key for step in outline.steps]
    locale = Locale.objects.filter(language_code=language).first()
    found: set[str] = set()
    for model in KINDS:
        live = model.objects.filter(translation_key__in=keys, locale=locale, live=True)
        found |= {str(key) for key in live.values_list("translation_key", flat=True)}
    codes = dict(
        LearningObject.objects.filter(key__in=set(keys) - found).values_list("key", "code")
    )
    return sorted(codes.values()) + _missing_questions(outline, language)


def _missing_questions(outline: Outline, language: str) -> list[str]:
    banks = [step.rule.bank for step in outline.steps if step.rule]
    pool = Question.objects.filter(bank__in=banks, live=True)
    source = pool.filter(locale__language_code=outline.source_locale)
    shown = pool.filter(locale__language_code=language).values("translation_key")
    return sorted(source.exclude(translation_key__in=shown).values_list("code", flat=True))


def release_language(
    release: CourseRelease,
    *,
    language: str,
    at: datetime,
    review: str = Review.NONE,
    reviewed_by: str = "",
) -> CourseLanguage:
    """Offer a language of a release, and return it.

    Raises `ReleaseError` with the codes of all texts that are not published in it.
    """
    if missing := missing_texts(release, language=language):
        raise ReleaseError(missing)
    offered, _ = CourseLanguage.objects.update_or_create(
        course_id=release.course_id,
        locale=language,
        defaults={
            "release": release,
            "state": LanguageState.RELEASED,
            "review": review,
            "reviewed_by": reviewed_by,
            "reviewed_at": at if review != Review.NONE else None,
        },
    )
    return offered
