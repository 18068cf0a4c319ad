"""What readers and learners see of courses. Reading needs no account; only POST changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from quizzes.api import AlreadyPassedError
from quizzes.models import Attempt
from tutela.kit.middleware import cacheable

from .catalogue import CourseMap, course_map, course_maps, prerequisites
from .enrolling import (
    LessonsMissingError,
    NameMissingError,
    PrerequisiteMissingError,
    StepUnknownError,
    enrol,
    finish_lesson,
    missing_prerequisites,
    newest_enrolment,
    standing_of,
    start_quiz,
)
from .lending import Lent, LentBlock, lend_stream
from .models import Completion, Enrolment
from .outline import Step
from .progress import Standing, standing
from .sectors import Sector

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


def show_catalog(request: HttpRequest, lent: Lent) -> HttpResponse:
    """Show all courses that are offered, or those of one sector."""
    sector = request.GET.get("sector", "")
    context = {
        "lent": lent,
        "page": lent.text,
        "courses": course_maps(lent.asked, sector=sector if sector in Sector.values else ""),
        "sectors": Sector.choices,
        "chosen": sector,
        "indexed": not request.GET,
    }
    return cacheable(render(request, "courses/catalog.html", context))


@require_GET
def show_sector(request: HttpRequest, sector: str) -> HttpResponse:
    """Show what one audience is offered: its own courses, and the foundation."""
    if sector not in Sector.values:
        raise Http404
    courses = course_maps(request.LANGUAGE_CODE, sector=sector)
    context = {
        "sector": Sector(sector),
        "courses": [course for course in courses if course.outline.sector == sector],
        "foundation": [course for course in courses if course.outline.sector != sector],
        "indexed": True,
    }
    return cacheable(render(request, "courses/sector.html", context))


def show_course(request: HttpRequest, lent: Lent) -> HttpResponse:
    """Show what a course teaches, how long it takes, who made it, and where the learner stands."""
    course = _map_of(lent)
    mine = _standing(request, course)
    context = {
        **_shown(request, lent, course, mine),
        "prerequisites": _required(request, course),
        "completion": _completion(request, course),
        "indexed": True,
    }
    return cacheable(render(request, "courses/course.html", context))


def show_module(request: HttpRequest, lent: Lent) -> HttpResponse:
    """Show one module's steps."""
    course = _map_of(lent)
    mine = _standing(request, course)
    key = str(lent.source.translation_key)
    parts = [part for part in course.outline.modules if part.key == key] if course else []
    context = {**_shown(request, lent, course, mine), "parts": parts}
    return cacheable(render(request, "courses/module.html", context))


def show_lesson(request: HttpRequest, lent: Lent) -> HttpResponse:
    """Show a lesson in full, with its short version folded beside it: both are always sent."""
    course = _map_of(lent)
    step, following = _place(course, lent)
    context = {
        **_shown(request, lent, course, _standing(request, course)),
        "blocks": _blocks(lent),
        "step": step,
        "following": following,
        "indexed": True,
    }
    return cacheable(render(request, "courses/lesson.html", context))


def show_quiz(request: HttpRequest, lent: Lent) -> HttpResponse:
    """Show how a quiz is passed, and what is missing before it opens."""
    course = _map_of(lent)
    step, following = _place(course, lent)
    mine = _standing(request, course)
    missing = mine.missing_lessons(step) if mine and step else []
    context = {
        **_shown(request, lent, course, mine),
        "step": step,
        "following": following,
        "missing": missing,
        "required": _required(request, course),
        "attempts": _attempts(request, step),
    }
    return cacheable(render(request, "courses/quiz.html", context))


def _map_of(lent: Lent) -> CourseMap | None:
    return course_map(path=lent.source.path, language=lent.asked)


def _shown(
    request: HttpRequest, lent: Lent, course: CourseMap | None, mine: Standing | None
) -> dict[str, Any]:
    """Return what all pages of a course show."""
    if course and mine is None:
        mine = standing(course.outline, ())
    return {"lent": lent, "page": lent.text, "source": lent.source, "course": course, "mine": mine}


def _standing(request: HttpRequest, course: CourseMap | None) -> Standing | None:
    """Return where the signed-in learner stands, or None if she is not enrolled."""
    if course is None or not request.user.is_authenticated:
        return None
    enrolment = newest_enrolment(request.user, course=course.outline.code)
    if enrolment is None:
        return None
    request.enrolment = enrolment  # type: ignore[attr-defined]  # templates ask whether she is in
    return standing_of(enrolment, course.outline)


def _completion(request: HttpRequest, course: CourseMap | None) -> Completion | None:
    if course is None or not hasattr(request, "enrolment"):
        return None
    return Completion.objects.filter(enrolment=request.enrolment).first()


def _required(request: HttpRequest, course: CourseMap | None) -> list[CourseMap]:
    """Return the courses that this reader has to complete before the quizzes open."""
    if course is None or not request.user.is_authenticated:
        return prerequisites(course) if course else []
    codes = missing_prerequisites(request.user, course.outline, at=timezone.now())
    return [found for found in prerequisites(course) if found.outline.code in codes]


def _attempts(request: HttpRequest, step: Step | None) -> list[Attempt]:
    """Return the learner's own attempts of a quiz, newest first."""
    if step is None or not hasattr(request, "enrolment"):
        return []
    attempts = Attempt.objects.filter(
        sitting__progress__enrolment=request.enrolment, sitting__progress__step_id=step.key
    )
    return list(attempts.order_by("-number"))


def _place(course: CourseMap | None, lent: Lent) -> tuple[Step | None, Step | None]:
    """Return this page's step and the one that follows it."""
    if course is None:
        return None, None
    steps = course.outline.steps
    key = str(lent.source.translation_key)
    place = next((number for number, step in enumerate(steps) if step.key == key), None)
    if place is None:
        return None, None
    return steps[place], steps[place + 1] if place + 1 < len(steps) else None


def _blocks(lent: Lent) -> list[LentBlock]:
    """Return the lesson's blocks: the source's structure in the words that are shown."""
    return lend_stream(
        lent.source.body, lent.text.body, source_language=lent.source.locale.language_code
    )


@login_required
@require_GET
def show_learning(request: HttpRequest) -> HttpResponse:
    """Show the learner's courses: what is next, and how many minutes are left."""
    language = request.LANGUAGE_CODE
    enrolments = list(
        Enrolment.objects.of(request.user)
        .select_related("course", "completion")
        .prefetch_related("progress")
        .order_by("-enrolled_at")
    )
    rows = [
        (course, standing(course.outline, _done(enrolment)), enrolment)
        for enrolment in enrolments
        if (course := course_map(code=enrolment.course.code, language=language))
    ]
    context = {
        "going_on": [row for row in rows if not hasattr(row[2], "completion")],
        "completed": [row for row in rows if hasattr(row[2], "completion")],
    }
    return render(request, "courses/learning.html", context)


def _done(enrolment: Enrolment) -> set[str]:
    return {str(row.step_id) for row in enrolment.progress.all() if row.done_at}


@login_required
@require_POST
def enrol_in(request: HttpRequest, code: str) -> HttpResponse:
    """Enrol, and go to the first step."""
    course = _course_or_404(request, code)
    enrolment = enrol(request.user, course=code, at=timezone.now())
    step = standing_of(enrolment, course.outline).next_step
    return redirect(course.entry(step).url if step else course.url)


@login_required
@require_POST
def continue_after(request: HttpRequest, code: str, step: UUID) -> HttpResponse:
    """Note that a lesson is done, and go on to the next step."""
    course = _course_or_404(request, code)
    try:
        enrolment = finish_lesson(
            request.user,
            course=code,
            step=str(step),
            language=request.LANGUAGE_CODE,
            at=timezone.now(),
        )
    except StepUnknownError as error:
        raise Http404 from error
    following = standing_of(enrolment, course.outline).next_step
    return redirect(course.entry(following).url if following else course.url)


@login_required
@require_POST
def start(request: HttpRequest, code: str, step: UUID) -> HttpResponse:
    """Start a quiz, or go on with the attempt that is open."""
    course = _course_or_404(request, code)
    entry = course.entries.get(str(step), course.home)
    try:
        attempt = start_quiz(
            request.user,
            course=code,
            step=str(step),
            language=request.LANGUAGE_CODE,
            at=timezone.now(),
        )
    except StepUnknownError as error:
        raise Http404 from error
    except NameMissingError:
        return redirect(f"{reverse('certificates:name')}?{urlencode({"next": entry.url})}")
    except (LessonsMissingError, PrerequisiteMissingError):
        messages.warning(request, _("This quiz is not open yet."))
        return redirect(entry.url)
    except AlreadyPassedError:
        return redirect(entry.url)
    return redirect("quizzes:question", attempt=attempt.pk, position=1)


def _course_or_404(request: HttpRequest, code: str) -> CourseMap:
    course = course_map(code=code, language=request.LANGUAGE_CODE)
    if course is None:
        raise Http404
    return course
