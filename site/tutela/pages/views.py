"""The front door, information pages, and the one view that serves every page of the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.views import serve_chain

from courses.catalogue import course_maps
from courses.lending import Lent
from courses.sectors import Sector
from tutela.kit.middleware import cacheable

from .routing import find_page

if TYPE_CHECKING:
    from django.http import HttpRequest


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
        "actions": [
            (_("Choose your profession"), "#professions"),
            (_("See all courses"), f"/{lent.asked}/courses/"),
        ],
        "steps": how_it_works(),
        "indexed": True,
    }
    return cacheable(render(request, "pages/home.html", context))


def how_it_works() -> list[dict[str, str]]:
    """Return the three things that somebody who is new here wants to know."""
    return [
        {
            "title": _("Read"),
            "text": _("Short lessons for your profession. You need no account to read them."),
        },
        {
            "title": _("Check what you know"),
            "text": _("A quiz ends each part. There is no timer, and you can try again."),
        },
        {
            "title": _("Show it"),
            "text": _("You get a certificate, and anybody can check whether it is valid."),
        },
    ]


def show_information(request: HttpRequest, lent: Lent) -> HttpResponse:
    """Show a page that says one thing."""
    context = {"lent": lent, "page": lent.words, "indexed": True}
    return cacheable(render(request, "pages/information.html", context))
