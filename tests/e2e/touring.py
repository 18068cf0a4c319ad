"""A tour of every page kind in one language, the pages that say what went wrong included."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from django.test import RequestFactory
from django.utils import translation

from tests import browser as browsers
from tutela.kit import views

from .kinds import Kind, every_kind
from .looking import WIDE, stand_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from playwright.sync_api import Browser, Page, Route

    from .scene import Scene


def error_kinds(language: str) -> list[Kind]:
    """Return the pages that say what went wrong; `answer_errors` answers their addresses."""
    return [
        Kind(f"error {code}", f"/{language}/errors/{code}/", status=int(code))
        for code in ("400", "403", "429", "500", "503")
    ]


def error_page(language: str, code: str) -> HttpResponse:
    """Return an error page as the site answers it."""
    with translation.override(language):
        request = RequestFactory().get(f"/{language}/errors/{code}/")
        return {
            "400": lambda: views.bad_request(request, ValueError()),
            "403": lambda: views.csrf_failure(request),
            "429": lambda: views.too_many_requests(request),
            "500": lambda: views.server_error(request),
            "503": lambda: views.unavailable(request),
        }[code]()


def answer_errors(page: Page, language: str) -> None:
    """Answer what a working site cannot be made to answer."""

    def answer(route: Route) -> None:
        page = error_page(language, route.request.url.split("/")[-2])
        route.fulfill(status=page.status_code, body=page.content, content_type="text/html")

    page.route("**/errors/*/", answer)


@contextmanager
def opened(
    browser: Browser, host: str, language: str, *, width: int = WIDE, script: str = ""
) -> Iterator[Page]:
    """Give a page of a browser in this language; what it complained about fails at the end."""
    context = browser.new_context(
        base_url=host, locale=language, viewport={"width": width, "height": 800}
    )
    context.set_default_timeout(10_000)
    if script:
        context.add_init_script(script)
    page = context.new_page()
    complaints = browsers.complaints(page)
    answer_errors(page, language)
    yield page
    context.close()
    assert complaints == []


def visited(page: Page, scene: Scene, host: str, *, language: str) -> Iterator[Kind]:
    """Let the page stand on one kind after the other, leaving out what a kind before it shows."""
    sessions = scene.sessions()
    here = replace(scene, language=language)
    for kind in [*every_kind(here), *error_kinds(language)]:
        if not kind.again:
            stand_on(page, kind, sessions, host)
            yield kind
