"""What readers and learners see of courses. Reading needs no account; only POST changes anything."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quizzes.api import AlreadyPassedError, PoolTooSmallError, place_to_go_on
from quizzes.models import Attempt
from tutela.kit.middleware import cacheable

from .catalogue import CourseMap, Entry, course_map, course_maps, prerequisites
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
from .forms import CatalogFilter
from .glossary import by_letter, glossary
from .lending import Lent
from .models import Completion, Enrolment
from .outline import Step
from .progress import Standing, standing

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tutela.accounts.models import User

type LearnerView = Callable[..., HttpResponse]

logger = logging.getLogger("tutela.courses")


def show_catalog(request: HttpRequest, lent: Lent) -> HttpResponse:
    """Show all courses that are offered, or those that fit what was chosen."""
    wanted = CatalogFilter(request.GET)
    courses = course_maps(lent.asked, sector=wanted.chosen.get("sector", ""))
    context = {
        "lent": lent,
        "page": lent.words,
        "courses": [
            course for course in courses if wanted.keeps(course.languages, course.outline.minutes)
        ],
        "form": CatalogFilter(initial=wanted.chosen),
        "indexed": not request.GET,
    }
    return cacheable(render(request, "courses/catalog.html", context))


@require_safe
def show_glossary(request: HttpRequest) -> HttpResponse:
    """Show the words of the field: which to use, which to leave behind, and why."""
    entries = glossary(request.LANGUAGE_CODE).values()
    context = {
        "letters": by_letter(entries),
        "reviewed": all(entry.reviewed for entry in entries),
        "indexed": True,
    }
    return cacheable(render(request, "courses/glossary.html", context))


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
    return {"lent": lent, "page": lent.words, "source": lent.source, "course": course, "mine": mine}


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
        sitting__progress__enrolment=request.enrolment, sitting__progress__step=UUID(step.key)
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


@login_required
@require_safe
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


def posted_by_learner(view: LearnerView) -> Callable[..., HttpResponse]:
    """Let a signed-in person's POST through to the view, with the course and the person.

    Who is not signed in comes back to the page afterwards, since the address itself takes no GET.
    """

    @require_POST
    @wraps(view)
    def answer(request: HttpRequest, code: str, **kwargs: UUID) -> HttpResponse:
        course = course_map(code=code, language=request.LANGUAGE_CODE)
        if course is None:
            raise Http404
        if not request.user.is_authenticated:
            came_from = course.entries.get(str(kwargs.get("step")), course.home)
            return redirect_to_login(came_from.url)
        return view(request, course, request.user, **kwargs)

    return answer


@posted_by_learner
def enrol_in(request: HttpRequest, course: CourseMap, person: User) -> HttpResponse:
    """Enrol, and go to the first step that is not done."""
    enrolment = enrol(person, course=course.outline.code, at=timezone.now())
    return _to_next_step(course, enrolment)


@posted_by_learner
def continue_after(
    request: HttpRequest, course: CourseMap, person: User, step: UUID
) -> HttpResponse:
    """Note that a lesson is done, and go on to the next step."""
    try:
        enrolment = finish_lesson(
            person,
            course=course.outline.code,
            step=str(step),
            language=request.LANGUAGE_CODE,
            at=timezone.now(),
        )
    except StepUnknownError as error:
        raise Http404 from error
    except NameMissingError:
        return _to_name(course.entries[str(step)])
    return _to_next_step(course, enrolment)


@posted_by_learner
def start(request: HttpRequest, course: CourseMap, person: User, step: UUID) -> HttpResponse:
    """Start a quiz, or go on with the attempt that is open."""
    entry = course.entries.get(str(step), course.home)
    try:
        attempt = start_quiz(
            person,
            course=course.outline.code,
            step=str(step),
            language=request.LANGUAGE_CODE,
            at=timezone.now(),
        )
    except StepUnknownError as error:
        raise Http404 from error
    except NameMissingError:
        return _to_name(entry)
    except (LessonsMissingError, PrerequisiteMissingError):
        messages.warning(request, _("This quiz is not open yet."))
        return _see_other(entry.url)
    except PoolTooSmallError:
        logger.exception("The bank of quiz %s of %s is too small.", step, course.outline.code)
        messages.error(request, _("This quiz cannot be started: it has too few questions."))
        return _see_other(entry.url)
    except AlreadyPassedError:
        return _see_other(entry.url)
    place = place_to_go_on(attempt)
    if place is None:
        return _see_other(reverse("quizzes:check", args=[attempt.pk]))
    return _see_other(reverse("quizzes:question", args=[attempt.pk, place]))


def _to_next_step(course: CourseMap, enrolment: Enrolment) -> HttpResponse:
    step = standing_of(enrolment, course.outline).next_step
    return _see_other(course.entry(step).url if step else course.url)


def _to_name(back: Entry) -> HttpResponse:
    """Ask for the name on certificates, then come back."""
    return _see_other(f"{reverse('certificates:name')}?{urlencode({'next': back.url})}")


def _see_other(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)
