"""Enrolling, finishing steps, completing: each one transaction behind a unique constraint."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from quizzes.api import QuizRule, start_attempt
from quizzes.models import Sitting

from .catalogue import course_texts
from .models import (
    Completion,
    CourseLanguage,
    CourseRelease,
    Enrolment,
    LearningObject,
    Review,
    StepProgress,
)
from .outline import LESSON, QUIZ, Outline, Step, read_outline
from .progress import Standing, add_months, standing
from .signals import course_completed

if TYPE_CHECKING:
    from datetime import date, datetime

    from quizzes.models import Attempt
    from tutela.accounts.models import User


class StepUnknownError(LookupError):
    """The newest release holds no such step, or none of that kind."""


class LessonsMissingError(ValueError):
    """A quiz opens when each lesson of its module was read; `codes` are those that are missing."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class PrerequisiteMissingError(ValueError):
    """A quiz opens when the courses that this one requires are completed; `codes` names them."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class NameMissingError(ValueError):
    """The name to print on certificates is asked before the first quiz."""


def enrol(person: User, *, course: str, at: datetime) -> Enrolment:
    """Return the person's newest enrolment in a course, made if there is none.

    Raises `LearningObject.DoesNotExist` where no such course was released.
    """
    if known := newest_enrolment(person, course=course):
        return known
    identity = LearningObject.objects.get(code=course, releases__number=1)
    try:
        with transaction.atomic():
            return Enrolment.objects.create(person=person, course=identity, enrolled_at=at)
    except IntegrityError:  # she pressed twice
        return Enrolment.objects.get(person=person, course=identity, cycle=1)


def newest_enrolment(person: User, *, course: str) -> Enrolment | None:
    """Return the person's enrolment in the current cycle, or None."""
    enrolments = Enrolment.objects.filter(person=person, course__code=course)
    return enrolments.select_related("course").order_by("-cycle").first()


def standing_of(enrolment: Enrolment, outline: Outline) -> Standing:
    """Return where an enrolment stands in the newest release."""
    done = StepProgress.objects.filter(enrolment=enrolment, done_at__isnull=False)
    return standing(outline, {str(key) for key in done.values_list("step_id", flat=True)})


def finish_lesson(
    person: User, *, course: str, step: str, language: str, at: datetime
) -> Enrolment:
    """Note that the learner sent *Continue* at a lesson's end; enrol her if she was not.

    The same whether she read it in full, in short, or not at all. Repeating it changes nothing.
    Raises `StepUnknownError`, and `NameMissingError` where this completes the course.
    """
    release = released(course)
    _known_step(read_outline(release.outline), step, LESSON)
    with transaction.atomic():
        enrolment = _locked(enrol(person, course=course, at=at))
        progress, _ = StepProgress.objects.get_or_create(
            enrolment=enrolment, step_id=UUID(step), defaults={"done_at": at}
        )
        if progress.done_at is None:
            StepProgress.objects.filter(pk=progress.pk).update(done_at=at)
        complete_if_done(enrolment, release, language=language, at=at)
    return enrolment


def _locked(enrolment: Enrolment) -> Enrolment:
    """Return the enrolment, held until the transaction ends.

    Who sends the last two steps at once, or starts a quiz in two tabs, waits here for the first: so
    the second sees what the first has done.
    """
    locked: Enrolment = (
        Enrolment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("course", "person")
        .get(pk=enrolment.pk)
    )
    return locked


def released(course: str) -> CourseRelease:
    """Return the newest release of the course with a code.

    Raises `StepUnknownError` where it was never released.
    """
    release = CourseRelease.objects.filter(course__code=course).order_by("-number").first()
    if release is None:
        raise StepUnknownError(course)
    return release


def _known_step(outline: Outline, key: str, kind: str) -> Step:
    step = outline.step(key)
    if step is None or step.kind != kind:
        raise StepUnknownError(key)
    return step


def start_quiz(person: User, *, course: str, step: str, language: str, at: datetime) -> Attempt:
    """Return the open attempt of a quiz, started if there is none.

    Raises `StepUnknownError`, `LessonsMissingError`, `PrerequisiteMissingError`, `NameMissingError`
    and what `quizzes.api.start_attempt` raises.
    """
    outline = read_outline(released(course).outline)
    quiz = _known_step(outline, step, QUIZ)
    enrolment = newest_enrolment(person, course=course)
    mine = standing_of(enrolment, outline) if enrolment else standing(outline, ())
    if lessons := mine.missing_lessons(quiz):
        raise LessonsMissingError([lesson.code for lesson in lessons])
    if codes := missing_prerequisites(person, outline, at=at):
        raise PrerequisiteMissingError(codes)
    if not person.certificate_name:
        raise NameMissingError
    with transaction.atomic():
        sitting = _sitting(_locked(enrol(person, course=course, at=at)), quiz)
        return start_attempt(sitting, rule=_rule_of(quiz, outline), language=language, at=at)


def _rule_of(quiz: Step, outline: Outline) -> QuizRule:
    if quiz.rule is None:
        raise StepUnknownError(quiz.key)
    return QuizRule(source_locale=outline.source_locale, **asdict(quiz.rule))


def _sitting(enrolment: Enrolment, quiz: Step) -> Sitting:
    """Return the sitting of this quiz in this enrolment: one, however often it is asked for."""
    progress, _ = StepProgress.objects.get_or_create(enrolment=enrolment, step_id=UUID(quiz.key))
    if progress.sitting is None:
        progress.sitting = Sitting.objects.create(person_id=enrolment.person_id, quiz=quiz.key)
        progress.save(update_fields=["sitting"])
    return progress.sitting


def missing_prerequisites(person: User, outline: Outline, *, at: datetime) -> list[str]:
    """Return the codes of required courses of which the person holds no current completion."""
    if not outline.requires:
        return []
    held = Completion.objects.of(person).current(on=day_of(at, person))
    have = set(held.filter(course_code__in=outline.requires).values_list("course_code", flat=True))
    return [code for code in outline.requires if code not in have]


def pass_quiz(attempt: Attempt, *, at: datetime) -> None:
    """Note that a quiz was passed, inside the transaction that marked it; maybe complete."""
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course", "person")
        .filter(progress__sitting=attempt.sitting_id)
        .first()
    )
    if enrolment is None:
        return
    StepProgress.objects.filter(sitting=attempt.sitting_id, done_at__isnull=True).update(done_at=at)
    release = released(enrolment.course.code)
    complete_if_done(enrolment, release, language=attempt.language, at=at)


def complete_if_done(
    enrolment: Enrolment, release: CourseRelease, *, language: str, at: datetime
) -> Completion | None:
    """Complete the course if every step of the newest release is done; once an enrolment.

    The completion, and all that hears `course_completed`, stand in this transaction.
    Raises `NameMissingError` where a certificate would have no name.
    """
    outline = read_outline(release.outline)
    if not standing_of(enrolment, outline).complete:
        return None
    if Completion.objects.filter(enrolment=enrolment).exists():
        return None
    person = enrolment.person
    if person is not None and not person.certificate_name:
        raise NameMissingError
    at = max(at, enrolment.enrolled_at)  # the machine's clock may have been put back meanwhile
    languages = {
        row.locale: row for row in CourseLanguage.objects.offered().filter(course=enrolment.course)
    }
    texts = _texts(outline, languages)
    day = day_of(at, person)
    # Always inside a caller's transaction: a savepoint of its own would protect nothing.
    with transaction.atomic(savepoint=False):
        completion = Completion.objects.create(
            enrolment=enrolment,
            person=person,
            course_code=outline.code,
            sector=outline.sector,
            titles={code: words["title"] for code, words in texts.items()},
            release_number=release.number,
            language=language if language in languages else outline.source_locale,
            review=languages[language].review if language in languages else Review.NONE,
            minutes=outline.minutes,
            pass_percent=outline.pass_percent,
            completed_at=at,
            completed_on=day,
            expires_on=(
                add_months(day, outline.validity_months) if outline.validity_months else None
            ),
        )
        course_completed.send(Completion, completion=completion, texts=texts, at=at)
    return completion


def _texts(outline: Outline, languages: dict[str, CourseLanguage]) -> dict[str, dict[str, Any]]:
    """Return what a certificate says of the course in every offered language.

    In the source's, too, even of a course that was taken back meanwhile.
    """
    found = course_texts(outline.code, {outline.source_locale, *languages})
    nameless = {"title": outline.code, "subtitle": "", "objectives": []}
    return {
        code: {**words, "reviewed": code in languages and languages[code].reviewed}
        for code, words in ({outline.source_locale: nameless} | found).items()
    }


def day_of(at: datetime, person: User | None) -> date:
    """Return the day of an instant in the person's time zone, else in the instance's."""
    zone = (person.time_zone if person else "") or settings.TIME_ZONE
    return at.astimezone(ZoneInfo(zone)).date()
