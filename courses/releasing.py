"""Identity, releases and languages: what changes what completing a course means."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation

from quizzes.models import Question

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
    from collections.abc import Collection
    from datetime import datetime

    from tutela.accounts.models import User

Identified = CoursePage | ModulePage | LessonPage | QuizPage

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


def identify(page: Identified) -> LearningObject | None:
    """Return the identity of a page, made at its first publish; None for an alias, and for a copy
    that still has the code of another page.

    The first language that is published under a translation key is the source.
    """
    if page.alias_of_id:
        return None
    known = LearningObject.objects.filter(key=page.translation_key).first()
    if known:
        if known.retired_at and known.source_locale == page.locale.language_code:
            known.retired_at = None
            known.save(update_fields=["retired_at"])
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


def retire(page: Page, *, at: datetime) -> None:
    """Note when the source of a learning object was deleted; a translation's end is no event."""
    LearningObject.objects.filter(
        key=page.translation_key,
        source_locale=page.locale.language_code,
        retired_at__isnull=True,
    ).update(retired_at=at)


def draw_up_outline(course: CoursePage) -> Outline:
    """Return the outline of the published source tree as it stands now.

    Raises `ReleaseError` where nothing is published, a module has no lesson or quiz, or a page is a
    copy with the code of another.
    """
    course = _source_of(course)
    modules = ModulePage.objects.child_of(course).live().order_by("path")
    parts = [_part(module) for module in modules]
    outline = Outline(
        key=str(course.translation_key),
        code=course.code,
        sector=course.sector,
        source_locale=course.locale.language_code,
        requires=tuple(course.requires),
        validity_months=course.validity_months,
        modules=tuple(parts),
    )
    if missing := _gaps(outline):
        raise ReleaseError(missing)
    return outline


def _source_of(course: CoursePage) -> CoursePage:
    """Return the source of a course, whichever of its languages was given."""
    identity = LearningObject.objects.filter(key=course.translation_key).first()
    if identity is None:
        raise ReleaseError([f"{course.code}: the course is not published"])
    source: CoursePage | None = (
        CoursePage.objects.filter(
            translation_key=course.translation_key,
            locale__language_code=identity.source_locale,
            live=True,
        )
        .select_related("locale")
        .first()
    )
    if source is None:
        raise ReleaseError([f"{course.code}: the course is not published"])
    return source


def _gaps(outline: Outline) -> list[str]:
    """Return a line for each thing without which an outline cannot be released."""
    missing = [] if outline.modules else ["no module is published"]
    for part in outline.modules:
        kinds = {step.kind for step in part.steps}
        missing += [
            f"{part.code}: no {kind} is published" for kind in (LESSON, QUIZ) if kind not in kinds
        ]
    codes = {part.key: part.code for part in outline.modules}
    codes |= {step.key: step.code for step in outline.steps}
    known = LearningObject.objects.filter(key__in=codes).values_list("key", flat=True)
    copies = set(codes) - {str(key) for key in known}
    return missing + sorted(
        f"{codes[key]}: a copy of this page needs a code of its own" for key in copies
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
        _follow(release, outline)
    return release


def _follow(release: CourseRelease, outline: Outline) -> None:
    """Carry the languages on to a new release, or turn them outdated.

    The source always follows; another language does after a minor change that left no text missing.
    """
    for language in CourseLanguage.objects.filter(
        course=release.course_id, state=LanguageState.RELEASED
    ):
        is_source = language.locale == outline.source_locale
        if is_source or (
            release.change == Change.MINOR and not missing_texts(release, language=language.locale)
        ):
            language.release = release
        else:
            language.state = LanguageState.OUTDATED
        language.save(update_fields=["release", "state"])


def missing_texts(release: CourseRelease, *, language: str) -> list[str]:
    """Return the codes of all texts of a release that are not published whole in a language."""
    outline = read_outline(release.outline)
    keys = {outline.key, *(part.key for part in outline.modules)}
    keys |= {step.key for step in outline.steps}
    published = Page.objects.filter(
        translation_key__in=keys, locale__language_code=language, live=True, alias_of=None
    )
    found = {str(key) for key in published.values_list("translation_key", flat=True)}
    codes = LearningObject.objects.filter(key__in=keys - found | _unfinished(keys, language))
    return sorted(codes.values_list("code", flat=True)) + _missing_questions(outline, language)


def _unfinished(keys: Collection[str], language: str) -> set[str]:
    """Return the keys of what was sent to be translated and still has a segment in the source's words."""
    translated = StringTranslation.objects.filter(
        translation_of=OuterRef("string"),
        context=OuterRef("context"),
        locale__language_code=language,
        has_error=False,
    )
    segments = StringSegment.objects.filter(
        ~Exists(translated),
        source__object__in=keys,
        source__translations__target_locale__language_code=language,
        source__translations__enabled=True,
    )
    return {str(key) for key in segments.values_list("source__object", flat=True)}


def _missing_questions(outline: Outline, language: str) -> list[str]:
    banks = [step.rule.bank for step in outline.steps if step.rule]
    pool = Question.objects.filter(bank__in=banks, live=True)
    source = dict(
        pool.filter(locale__language_code=outline.source_locale).values_list(
            "translation_key", "code"
        )
    )
    shown = pool.filter(locale__language_code=language).values_list("translation_key", flat=True)
    unfinished = _unfinished([str(key) for key in source], language)
    whole = {key for key in shown if str(key) not in unfinished}
    return sorted(code for key, code in source.items() if key not in whole)


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
