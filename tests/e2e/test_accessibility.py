"""Every page kind, in both languages and at two widths: axe finds nothing, nor do the rules beyond.

Scanners alone are weak, so each page is also asked for its structure, its targets, its width on a
small telephone, its weight and whom it talks to. One list of all findings is the test's message.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import RequestFactory
from django.utils import translation

from tests import browser as browsers
from tutela.kit import views

from .kinds import Kind, every_kind
from .looking import (
    EVERYTHING,
    WIDTH,
    Traffic,
    budget,
    look_beyond_axe,
    look_in_the_dark,
    look_with_axe,
    stand_on,
)
from .scene import make_scene

if TYPE_CHECKING:
    from django.http import HttpResponse
    from playwright.sync_api import Browser, Page, Route
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SMALLEST, SMALL, WIDE = 320, 360, 1280


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


def sweep(page: Page, kind: Kind, traffic: Traffic, language: str) -> list[str]:
    """Return everything that is wrong with the page that the browser stands on, at every width."""
    found = budget(kind, traffic) if not kind.press else []
    if language == settings.LANGUAGE_CODE:  # colours are the same in every language
        found += look_in_the_dark(page)
    for width in (WIDE, SMALL):
        page.set_viewport_size({"width": width, "height": 800})
        faults = look_beyond_axe(page, language=language, indexed=kind.indexed)
        faults += look_with_axe(page, EVERYTHING)
        found += [f"at {width} px, {line}" for line in faults]
    page.set_viewport_size({"width": SMALLEST, "height": 568})
    found += page.evaluate(WIDTH)
    page.set_viewport_size({"width": WIDE, "height": 800})
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_kind(
    curriculum: None, browser: Browser, live_server: LiveServer, language: str
) -> None:
    scene = make_scene(language)
    sessions = scene.sessions()
    context = browser.new_context(
        base_url=live_server.url, locale=language, viewport={"width": WIDE, "height": 800}
    )
    context.set_default_timeout(10_000)
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    complaints = browsers.complaints(page)
    traffic = Traffic(live_server.url, page)
    answer_errors(page, language)
    found: list[str] = []
    titles: Counter[str] = Counter()

    for kind in [*every_kind(scene), *error_kinds(language)]:
        traffic.reset()
        status = stand_on(page, kind, sessions, live_server.url)
        if status != kind.status:
            found.append(f"{kind.name}: status {status} of {kind.path}")
        titles[page.title()] += not kind.again
        found += [f"{kind.name}: {line}" for line in sweep(page, kind, traffic, language)]
    context.close()

    found += [f"title of {times} kinds: {title}" for title, times in titles.items() if times > 1]
    assert found + complaints == [], "\n".join([f"{len(found)} findings", *found, *complaints])
