"""Enrolling, finishing steps, completing: each one transaction behind a unique constraint."""

from __future__ import annotations

from typing import TYPE_CHECKING
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
from .releasing import newest_release
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


def finish_lesson(person: User, *, course: str, step: str, language: str, at: datetime) -> Enrolment:
    """Note that the learner sent *Continue* at a lesson's end; enrol her if she was not.

    The same whether she read it in full, in short, or not at all. Repeating it changes nothing.
    Raises `StepUnknownError`.
    """
    enrolment = enrol(person, course=course, at=at)
    release = released(enrolment.course)
    _known_step(read_outline(release.outline), step, LESSON)
    with transaction.atomic():
        progress, _ = StepProgress.objects.get_or_create(
            enrolment=enrolment, step_id=step, defaults={"done_at": at}
        )
        if progress.done_at is None:
            StepProgress.objects.filter(pk=progress.pk).update(done_at=at)
        complete_if_done(enrolment, release, language=language, at=at)
    return enrolment


def released(course: LearningObject) -> CourseRelease:
    """Return the newest release.

    Raises `StepUnknownError` where the course was never released.
    """
    release = newest_release(course)
    if release is None:
        raise StepUnknownError(course.code)
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
    enrolment = enrol(person, course=course, at=at)
    outline = read_outline(released(enrolment.course).outline)
    quiz = _known_step(outline, step, QUIZ)
    if lessons := standing_of(enrolment, outline).missing_lessons(quiz):
        raise LessonsMissingError([lesson.code for lesson in lessons])
    if codes := missing_prerequisites(person, outline, at=at):
        raise PrerequisiteMissingError(codes)
    if not person.certificate_name:
        raise NameMissingError
    if quiz.rule is None:
        raise StepUnknownError(step)
    rule = QuizRule(
        bank=quiz.rule.bank,
        source_locale=outline.source_locale,
        draw=quiz.rule.draw,
        pass_percent=quiz.rule.pass_percent,
        critical_minimum=quiz.rule.critical_minimum,
    )
    with transaction.atomic():
        sitting = _sitting(enrolment, quiz)
        return start_attempt(sitting, rule=rule, language=language, at=at)


def _sitting(enrolment: Enrolment, quiz: Step) -> Sitting:
    """Return the sitting of this quiz in this enrolment: one, however often it is asked for."""
    # Who starts in two tabs at once waits here for the first: one enrolment, one sitting.
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    progress, _ = StepProgress.objects.get_or_create(enrolment=enrolment, step_id=quiz.key)
    if progress.sitting is None:
        progress.sitting = Sitting.objects.create(person_id=enrolment.person_id, quiz=quiz.key)
        progress.save(update_fields=["sitting"])
    return progress.sitting


def missing_prerequisites(person: User, outline: Outline, *, at: datetime) -> list[str]:
    """Return the codes of required courses of which the person holds no current completion."""
    if not outline.requires:
        return []
    held = Completion.objects.of(person).current(at=at)
    have = set(
        held.filter(course_code__in=outline.requires).values_list("course_code", flat=True)
    )
    return [code for code in outline.requires if code not in have]


def pass_quiz(attempt: Attempt, *, at: datetime) -> None:
    """Note that a quiz was passed, inside the transaction that marked it; maybe complete."""
    progress = (
        StepProgress.objects.select_related("enrolment__course", "enrolment__person")
        .filter(sitting_id=attempt.sitting_id)
        .first()
    )
    if progress is None:
        return
    if progress.done_at is None:
        StepProgress.objects.filter(pk=progress.pk).update(done_at=at)
    enrolment = progress.enrolment
    complete_if_done(
        enrolment, released(enrolment.course), language=attempt.language, at=at
    )


def complete_if_done(
    enrolment: Enrolment, release: CourseRelease, *, language: str, at: datetime
) -> Completion | None:
    """Complete the course if every step of the newest release is done; once an enrolment.

    The completion, and all that hears `course_completed`, stand in this transaction.
    """
    outline = read_outline(release.outline)
    if not standing_of(enrolment, outline).complete:
        return None
    if Completion.objects.filter(enrolment=enrolment).exists():
        return None
    languages = {
        row.locale: row for row in CourseLanguage.objects.offered().filter(course=enrolment.course)
    }
    person = enrolment.person
    day = day_of(at, person)
    with transaction.atomic():
        completion = Completion.objects.create(
            enrolment=enrolment,
            person=person,
            course_code=outline.code,
            sector=outline.sector,
            titles=_titles(outline.code, languages),
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
        course_completed.send(Completion, completion=completion, at=at)
    return completion


def _titles(code: str, languages: dict[str, CourseLanguage]) -> dict[str, str]:
    return {language: texts["title"] for language, texts in course_texts(code, languages).items()}


def day_of(at: datetime, person: User | None) -> date:
    """Return the day of an instant in the person's time zone, else in the instance's."""
    zone = (person.time_zone if person else "") or settings.TIME_ZONE
    return at.astimezone(ZoneInfo(zone)).date()
