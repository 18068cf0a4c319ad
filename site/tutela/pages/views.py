"""The front door, information pages, and the one view that serves every page of the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.views import serve_chain

from courses.catalogue import course_maps
from courses.lending import Lent
from courses.sectors import Sector
from tutela.kit.limits import count, visitor
from tutela.kit.middleware import cacheable

from .routing import find_page
from .searching import find

if TYPE_CHECKING:
    from django.http import HttpRequest


FOUND_A_PAGE = 20
SEARCHES_A_MINUTE = 120  # a class sits behind one address


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Show the page at a path, after Wagtail's own hooks (page restrictions) had their say."""
    lent = find_page(path, language=request.LANGUAGE_CODE)
    if lent is None:
        raise Http404
    for hook in hooks.get_hooks("before_serve_page"):
        result = hook(lent.source, request, [lent], {})
        if isinstance(result, HttpResponse):
            return result
    chain = serve_chain
    for hook in reversed(hooks.get_hooks("on_serve_page")):
        chain = hook(chain)
    response: HttpResponse = chain(lent.source, request, [lent], {})
    return response


def show_home(request: HttpRequest, lent: Lent) -> HttpResponse:
    """Show what Tutela is, the sectors and the courses."""
    context = {
        "lent": lent,
        "page": lent.words,
        "sectors": Sector.choices,
        "courses": course_maps(lent.asked),
        "indexed": True,
    }
    return cacheable(render(request, "pages/home.html", context))


def show_information(request: HttpRequest, lent: Lent) -> HttpResponse:
    """Show a page that says one thing."""
    context = {"lent": lent, "page": lent.words, "indexed": True}
    return cacheable(render(request, "pages/information.html", context))


@require_safe
def show_search(request: HttpRequest) -> HttpResponse:
    """Show what a query finds, kept nowhere; without one, only the form."""
    query = request.GET.get("q", "").strip()
    if query and count("search", visitor(request), at=timezone.now()) > SEARCHES_A_MINUTE:
        return render(request, "pages/search.html", {"query": query, "busy": True}, status=429)
    found = find(query, request=request)
    page = Paginator(found.results, FOUND_A_PAGE).get_page(request.GET.get("page"))
    context = {"query": query, "page": page, "loosely": found.loosely}
    return render(request, "pages/search.html", context)
