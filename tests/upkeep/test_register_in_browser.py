"""The static register in a browser, served by nothing but a file server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from certificates.api import withdraw_certificates
from certificates.codes import grouped
from tests.browser import complaints
from tests.certificates.rows import holder_of, make_certificate, make_person
from tests.e2e.looking import EVERYTHING, look_with_axe
from tutela.upkeep.registering import write_register

from .instance import AT

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]
NAME = "José Müller-Weiß"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, with the policy that the documents recommend, and keeps no log."""

    def end_headers(self) -> None:
        policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
        self.send_header("Content-Security-Policy", policy)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def register(tmp_path: Path) -> Iterator[str]:
    """Serve a folder, and give its address."""
    handler = partial(Quiet, directory=str(tmp_path / "register"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """Give the page of a reader whose browser speaks French; whatever it complains of fails."""
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    found = complaints(page)
    yield page
    context.close()
    assert found == []


def test_a_code_is_typed_a_name_compared_and_the_language_changed(
    tmp_path: Path, register: str, visitor: Page
) -> None:
    code = make_certificate(make_person(name=NAME), expires_on=date(2099, 1, 2)).code
    write_register(tmp_path / "register", at=AT)

    visitor.goto(f"{register}/verify/")
    visitor.locator("input:visible").fill("not a code")
    visitor.locator("button:visible").click()
    expect(visitor.locator("[data-wrong]:visible")).to_have_count(1)
    visitor.locator("input:visible").fill(grouped(code).lower())
    visitor.locator("button:visible").click()
    expect(visitor).to_have_url(f"{register}/verify/{code}/?lang=fr")
    expect(visitor.locator("h2:visible").first).to_have_text("Socle commun")

    for typed, shown in (("WEISS", "found"), ("Example", "not-found"), ("muller jose", "found")):
        visitor.locator("input:visible").fill(typed)
        visitor.locator("button:visible").click()
        expect(visitor.locator("[role=status]:visible")).to_have_attribute(f"data-{shown}", "")

    visitor.locator("[data-choose=en]").click()
    assert visitor.locator("html").get_attribute("lang") == "en"
    expect(visitor.locator("h1:visible")).to_have_text("Certificate valid until 2 January 2099")
    assert visitor.title() == "Certificate valid until 2 January 2099 – Tutela"


def test_who_reads_later_sees_that_it_expired_since(
    tmp_path: Path, register: str, visitor: Page
) -> None:
    code = make_certificate(expires_on=date(2027, 1, 2)).code
    write_register(tmp_path / "register", at=AT)

    visitor.clock.set_fixed_time("2027-01-02T12:00:00")
    visitor.goto(f"{register}/verify/{code}/?lang=en")
    expect(visitor.locator("[data-past]:visible")).to_have_count(0)
    visitor.clock.set_fixed_time("2027-01-03T12:00:00")
    visitor.reload()
    expect(visitor.locator("[data-past]:visible")).to_have_count(1)
    expect(visitor.locator(".verification-valid:visible")).to_have_count(0)


@pytest.mark.sweep
@pytest.mark.parametrize("scripted", [True, False])
def test_axe_finds_nothing_with_and_without_a_script(
    tmp_path: Path, register: str, browser: Browser, scripted: bool
) -> None:
    code = make_certificate().code
    gone = make_certificate(make_person("gone@example.org"))
    withdraw_certificates(holder_of(gone), at=AT)
    write_register(tmp_path / "register", at=AT)
    context = browser.new_context(bypass_csp=True)  # axe's own script is let in
    page = context.new_page()
    if not scripted:  # axe needs a browser that runs scripts, so ours is kept out
        page.route("**/register.js", lambda route: route.abort())

    found = []
    for path in ("", f"{code}/", f"{gone.code}/", "404.html"):
        page.goto(f"{register}/verify/{path}")
        assert page.locator("h1:visible").count() == (1 if scripted else 6)
        page.evaluate(AXE_SCRIPT)
        found += [f"{path}: {line}" for line in look_with_axe(page, EVERYTHING)]
    context.close()
    assert found == []
