"""The front door, sector and information pages, and the one view that serves every page of the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.views import serve_chain

from courses.catalogue import course_maps
from courses.lending import Lent
from tutela.kit.limits import count, visitor
from tutela.kit.middleware import cacheable

from .audiences import sector_links
from .models import Layout
from .reviewing import offered
from .routing import find_page
from .searching import find
from .sitemaps import languages_of, listed_pages

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
    # The head of an indexed page asks; most readers are answered without.
    request.page_languages = SimpleLazyObject(lambda: languages_of(lent))  # type: ignore[attr-defined]
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
        "sectors": sector_links(lent.asked),
        "courses": course_maps(lent.asked),
        "actions": [
            (_("Choose your profession"), "#professions"),
            (_("See all courses"), f"/{lent.asked}/courses/"),
        ],
        "steps": how_it_works(),
        "indexed": True,
    }
    return cacheable(render(request, "pages/home.html", context))


def show_sectors(request: HttpRequest, lent: Lent) -> HttpResponse:
    """Show the list of all sectors."""
    sectors = sector_links(lent.asked)
    context = {"lent": lent, "page": lent.words, "sectors": sectors, "indexed": True}
    return cacheable(render(request, "pages/sectors.html", context))


def show_sector(request: HttpRequest, lent: Lent) -> HttpResponse:
    """Show what one audience should notice and do, its own courses, and the foundation."""
    sector = lent.source.sector
    courses = course_maps(lent.asked, sector=sector)
    return _show_text(
        request,
        lent,
        "pages/sector.html",
        courses=[course for course in courses if course.outline.sector == sector],
        foundation=[course for course in courses if course.outline.sector != sector],
    )


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
    address = settings.CONTACT_EMAIL if lent.source.layout == Layout.CONTACT else ""
    return _show_text(request, lent, f"pages/{lent.source.layout}.html", contact=address)


def _show_text(request: HttpRequest, lent: Lent, template: str, **more: object) -> HttpResponse:
    """Show a page of words, or, where they may not be shown here yet, what helps instead.

    A preview shows them always: somebody has to review them.
    """
    shown = lent if getattr(request, "is_preview", False) else offered(lent)
    context = {
        "lent": shown or lent,
        "page": (shown or lent).words,
        "source": lent.source,
        "withheld": shown is None,
        "indexed": shown is not None,
        **more,
    }
    return cacheable(render(request, template, context))


@require_safe
def show_robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what is of no use to them, and where the list of all pages stands."""
    context = {"sitemap": f"{settings.BASE_URL}/sitemap.xml"}
    return cacheable(render(request, "pages/robots.txt", context, content_type="text/plain"))


@require_safe
def show_sitemap(request: HttpRequest) -> HttpResponse:
    """List every public page in each of its languages, for search engines."""
    context = {"pages": listed_pages()}
    return cacheable(render(request, "pages/sitemap.xml", context, content_type="application/xml"))


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
