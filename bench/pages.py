"""Pages of a signed-in learner against a bare page of the same project."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.template import engines
from django.test import override_settings
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.models import Page
from wagtail.views import serve

from courses.models import LessonPage
from courses.outline import LESSON, QUIZ
from quizzes.models import Attempt
from tutela.pages.models import HomePage

from .figures import Figure, measure, table, verdict
from .scene import client_of, count_queries, first_of, foundation, make_learner

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

GATES = {"course": (1.5, 14), "lesson": (1.5, 12), "question": (None, 8)}


def serve_bare(request: HttpRequest, url: str) -> HttpResponse:
    """Serve through Wagtail's own view."""
    response: HttpResponse = serve(request, url)
    return response


urlpatterns = [
    re_path(r"^en/((?:[\w\-]+/)*)$", serve_bare),
    path("_/", include(wagtail_urls)),
]


def _empty(self: Page, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Render an empty template as Wagtail's `Page.serve` does."""
    from django.template.response import TemplateResponse

    template = engines["django"].from_string("{{ page.title }}{{ request.user.email }}")
    return TemplateResponse(request, template, self.get_context(request))


@contextmanager
def bare_project() -> Iterator[None]:
    """Route and serve pages as Wagtail does by itself."""
    route = HomePage.__dict__["route"]
    serve_page = LessonPage.serve
    HomePage.route = Page.route  # type: ignore[method-assign]
    LessonPage.serve = _empty  # type: ignore[method-assign]
    try:
        with override_settings(ROOT_URLCONF="bench.pages"):
            yield
    finally:
        HomePage.route = route  # type: ignore[method-assign]
        LessonPage.serve = serve_page  # type: ignore[method-assign]


def measure_pages() -> str:
    """Return the table of pages."""
    learner = make_learner(1)
    client = client_of(learner)
    lesson = foundation().entry(first_of(LESSON)).url
    quiz = first_of(QUIZ)
    client.post(f"/en/learning/foundation/quizzes/{quiz.key}/")
    attempt = Attempt.objects.filter(sitting__person=learner).latest("pk")
    urls = {
        "home": "/en/",
        "course": foundation().url,
        "lesson": lesson,
        "question": f"/en/learning/attempts/{attempt.pk}/1/",
    }
    with bare_project():
        bare_queries = count_queries(client, lesson)
        bare = measure("bare", lambda: client.get(lesson), times=40)
    rows = [_row(bare, bare, bare_queries)]
    for name, url in urls.items():
        figure = measure(name, lambda url=url: client.get(url), times=40)  # type: ignore[misc]
        rows.append(_row(figure, bare, count_queries(client, url)))
    anonymous = client_of(None)
    cached = measure("anonymous lesson", lambda: anonymous.get(lesson), times=200)
    rows.append(_row(cached, bare, count_queries(anonymous, lesson)))
    return table(["page", "CPU ms", "a second", "x bare", "queries", "gates"], rows)


def _row(figure: Figure, bare: Figure, queries: int) -> list[str]:
    ratio = figure.cpu / bare.cpu
    gate_cpu, gate_queries = GATES.get(figure.name, (None, None))
    gates = []
    if gate_cpu:
        gates.append(f"CPU {verdict(ratio, gate_cpu)}")
    if gate_queries:
        gates.append(f"queries {verdict(queries, gate_queries)}")
    return [
        figure.name,
        f"{figure.cpu:.2f}",
        f"{figure.a_second:.0f}",
        f"{ratio:.2f}",
        str(queries),
        ", ".join(gates),
    ]
