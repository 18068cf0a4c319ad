"""What the one script adds, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LOGIN = "/accounts/login/"
ELSEWHERE = "<!doctype html><html lang='en'><title>Elsewhere</title><p>Elsewhere</p></html>"


def stand_in(route: Route) -> None:
    """Answer for the site that the exit leads to."""
    route.fulfill(body=ELSEWHERE, content_type="text/html")


@pytest.fixture
def at_login(page: Page) -> Page:
    page.route(f"{settings.QUICK_EXIT_URL}**", stand_in)
    page.goto("/accounts/signup/")
    page.goto(LOGIN)
    return page


# A19
def test_exit_takes_this_pages_place_in_the_history(at_login: Page) -> None:
    at_login.get_by_role("link", name="Leave this page quickly").click()
    at_login.wait_for_url(settings.QUICK_EXIT_URL)

    at_login.go_back()

    assert at_login.url.endswith("/accounts/signup/")


# A19
def test_three_presses_of_shift_leave(at_login: Page) -> None:
    said = []
    for _ in range(2):
        at_login.keyboard.press("Shift")
        said.append(at_login.locator("[data-exit-status]").inner_text())
    at_login.keyboard.press("Shift")
    at_login.wait_for_url(settings.QUICK_EXIT_URL)

    assert said == ["Shift: press 2 more times to leave.", "Shift: press once more to leave."]


# A19, A23
def test_writing_capitals_does_not_leave(at_login: Page) -> None:
    at_login.locator("input[type=password]").focus()
    for letter in "ABCD":
        at_login.keyboard.press(f"Shift+{letter}")

    assert at_login.locator("[data-exit-status]").inner_text() == ""
    assert at_login.url.endswith(LOGIN)


def test_coming_back_shows_the_page_again(at_login: Page) -> None:
    at_login.evaluate("document.documentElement.classList.add('leaving')")
    assert not at_login.locator("h1").is_visible()

    at_login.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    assert at_login.locator("h1").is_visible()


# A2
def test_refused_form_moves_to_the_summary_and_on_to_the_field(at_login: Page) -> None:
    at_login.locator("main form").first.get_by_role("button").click()
    at_login.locator(".error-summary:focus").wait_for()
    assert at_login.title() == "Error: Sign in – Tutela"

    at_login.locator(".error-summary a").first.click()

    assert at_login.evaluate("document.activeElement.id") == "id_login"


def test_second_press_sends_nothing(at_login: Page) -> None:
    outcome = at_login.evaluate(
        """() => {
            const form = document.querySelector("main form");
            const stopped = [];
            document.addEventListener("submit", (event) => {
                stopped.push(event.defaultPrevented);
                event.preventDefault();
            });
            form.requestSubmit();
            form.requestSubmit();
            return stopped;
        }"""
    )

    assert outcome == [False, True]


@pytest.mark.parametrize("width", [320, 1280])
def test_exit_stays_in_sight(at_login: Page, width: int) -> None:
    at_login.set_viewport_size({"width": width, "height": 400})
    at_login.evaluate("scrollTo(0, document.body.scrollHeight)")

    box = at_login.locator("[data-exit]").bounding_box()

    assert box is not None
    assert 0 <= box["y"] <= 20
    assert box["height"] >= 44
    assert box["x"] + box["width"] <= width
