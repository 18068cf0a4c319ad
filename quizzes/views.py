"""Pages of an attempt: a question, check your answers, the result. They are their owner's alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tutela.kit.keeping import keeping_post, kept_post

from .attempts import (
    AttemptClosedError,
    UnansweredError,
    answer_item,
    place_to_go_on,
    submit_attempt,
)
from .forms import AnswerForm
from .models import Attempt, AttemptItem, Kind
from .places import place_of
from .wording import Words, words_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest

CHANGE = "change"  # in the address of a question that she came back to from *check your answers*


@dataclass(frozen=True, slots=True)
class Line:
    """One question as *check your answers* and the result show it."""

    item: AttemptItem
    words: Words
    lesson: tuple[str, str] | None = None

    @property
    def answers(self) -> list[str]:
        return [self.words.choice(key) for key in self.item.response]

    @property
    def url(self) -> str:
        """Where the answer can be changed."""
        address = reverse("quizzes:question", args=[self.item.attempt_id, self.item.position])
        return f"{address}?{CHANGE}"

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Each chosen answer with its feedback."""
        return [(self.words.choice(key), self.words.feedback(key)) for key in self.item.response]


@keeping_post
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, attempt: int, position: int) -> HttpResponse:
    """Show one question, and keep its answer."""
    item = get_object_or_404(
        AttemptItem.objects.of(request.user), attempt__pk=attempt, position=position
    )
    if item.attempt.submitted_at is not None:
        return _see_other("result", attempt)
    sent = request.method == "POST"
    kept = kept_post(request).getlist("choice")
    form = AnswerForm(request.POST if sent else None, item=item, kept=kept)
    if sent and form.is_valid():
        return _keep_answer(request, item, form.keys)
    return _question_page(request, item, form)


@login_required
@require_safe
def check(request: HttpRequest, attempt: int) -> HttpResponse:
    """Show every answer before anything is marked."""
    found = _own_attempt(request, attempt)
    if found.submitted_at is not None:
        return _see_other("result", attempt)
    return _check_page(request, found)


def submit(request: HttpRequest, attempt: int) -> HttpResponse:
    """Mark the attempt; nothing else does. Who has to sign in first comes back to her answers."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("quizzes:check", args=[attempt]))
    return _submit(request, attempt)


@require_POST
def _submit(request: HttpRequest, attempt: int) -> HttpResponse:
    found = _own_attempt(request, attempt)
    try:
        submit_attempt(found, at=timezone.now())
    except UnansweredError as error:
        return _check_page(request, found, missing=error.positions)
    return _see_other("result", attempt)


@login_required
@require_safe
def result(request: HttpRequest, attempt: int) -> HttpResponse:
    """Show the result, and, while the answers are kept, what to reread."""
    found = _own_attempt(request, attempt)
    if found.submitted_at is None:
        return _see_other("check", attempt)
    language = request.LANGUAGE_CODE
    place = place_of(found.sitting, language=language)
    lines = [] if found.answers_removed_at else _lines(found, language, place.lessons)
    context = {"attempt": found, "place": place, "lines": lines}
    return render(request, "quizzes/result.html", context)


def _keep_answer(request: HttpRequest, item: AttemptItem, keys: list[str]) -> HttpResponse:
    try:
        answer_item(item, keys=keys, language=request.LANGUAGE_CODE, at=timezone.now())
    except AttemptClosedError:  # submitted in another tab a moment ago
        return _see_other("result", item.attempt_id)
    return _see_other("check", item.attempt_id) if CHANGE in request.GET else _next_unanswered(item)


def _question_page(request: HttpRequest, item: AttemptItem, form: AnswerForm) -> HttpResponse:
    language = request.LANGUAGE_CODE
    words = words_of([item.version], language=language, at=item.attempt.started_at)[item.version_id]
    form.put_into(words)
    context = {
        "item": item,
        "words": words,
        "form": form,
        "several": item.version.kind == Kind.SEVERAL,
        "changing": CHANGE in request.GET,
        "place": place_of(item.attempt.sitting, language=language),
        "total": item.attempt.rule["draw"],
    }
    return render(request, "quizzes/question.html", context, status=422 if form.is_bound else 200)


def _own_attempt(request: HttpRequest, attempt: int) -> Attempt:
    return get_object_or_404(Attempt.objects.of(request.user).select_related("sitting"), pk=attempt)


def _check_page(
    request: HttpRequest, attempt: Attempt, missing: Collection[int] = ()
) -> HttpResponse:
    language = request.LANGUAGE_CODE
    lines = _lines(attempt, language)
    context = {
        "attempt": attempt,
        "lines": lines,
        "missing": missing,
        "place": place_of(attempt.sitting, language=language),
    }
    return render(request, "quizzes/check.html", context, status=422 if missing else 200)


def _lines(
    attempt: Attempt, language: str, lessons: dict[str, tuple[str, str]] | None = None
) -> list[Line]:
    items = attempt.items.select_related("version").order_by("position")
    words = words_of((item.version for item in items), language=language, at=attempt.started_at)
    return [
        Line(item, words[item.version_id], (lessons or {}).get(item.version.structure["lesson"]))
        for item in items
    ]


def _next_unanswered(item: AttemptItem) -> HttpResponse:
    """Lead on to the next question without an answer, else to the first, else to the check."""
    following = place_to_go_on(item.attempt, after=item.position)
    if following is None:
        return _see_other("check", item.attempt_id)
    return _see_other("question", item.attempt_id, following)


def _see_other(name: str, *args: int) -> HttpResponse:
    response = HttpResponseRedirect(reverse(f"quizzes:{name}", args=args))
    response.status_code = 303
    return response
