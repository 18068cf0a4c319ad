"""How the components stand on a small telephone, from right to left, and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils.translation import get_language_info

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django import Settings
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# The longest that the quick exit is called in the interface's languages.
EXITS = ["Leave this page quickly", "Diese Seite schnell verlassen", "Быстро покинуть эту страницу"]
SAY = """(words) => { document.querySelector(".exit").firstChild.textContent = words; }"""
# The middles of everything that can be pressed above the page's text, one a row.
ROWS = """() => {
  const rows = [];
  for (const one of document.querySelectorAll("header.bar a, body > nav :is(a, button, input, summary)")) {
    const { top, bottom } = one.getBoundingClientRect();
    const middle = (top + bottom) / 2;
    if (one.checkVisibility() && !rows.some((row) => Math.abs(row - middle) < 20)) rows.push(middle);
  }
  return rows.length;
}"""
BOXES = """() => [".brand", ".exit"].map((one) => {
  const box = document.querySelector(one).getBoundingClientRect();
  return [box.left, box.right, box.height]; })"""
SIDES = (
    """(all) => all.map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.right])"""
)
EXCESS = "() => document.documentElement.scrollWidth - innerWidth"
SHOWN = """(all) => all.filter((one) =>
  [...document.querySelectorAll(one)].some((found) => found.checkVisibility()))"""


@pytest.fixture
def patterns(page: Page, settings: Settings) -> Page:
    settings.ROOT_URLCONF = "tests.kit.addresses"
    page.set_viewport_size({"width": 320, "height": 568})
    return page


@pytest.mark.parametrize("words", EXITS)
def test_exit_stands_beside_the_brand(page: Page, words: str) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto("/accounts/login/")

    page.evaluate(SAY, words)

    brand, leave = page.evaluate(BOXES)
    assert brand[1] < leave[0]
    assert leave[1] <= 320
    assert 44 <= leave[2] <= 56


@pytest.mark.parametrize("language", ["en", "de", "ru"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_header_takes_two_rows(page: Page, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(f"/accounts/login/?lang={language}")

    assert page.evaluate(ROWS) == 2


# A5, A10: one press shows everything that a wide window shows, with or without scripts.
@pytest.mark.parametrize("scripts", [True, False])
def test_menu_of_a_small_telephone_holds_what_a_wide_window_shows(
    browser: Browser, live_server: LiveServer, scripts: bool
) -> None:
    page = browser.new_page(base_url=live_server.url, java_script_enabled=scripts)
    menu = page.get_by_role("navigation", name="Main")
    held = (
        menu.get_by_role("link").or_(menu.get_by_role("searchbox")).or_(menu.get_by_role("button"))
    )
    page.goto("/accounts/login/?lang=en")
    wide = held.all_inner_texts()
    page.set_viewport_size({"width": 320, "height": 568})
    assert held.count() == 0

    for _ in range(4):  # skip link, exit, brand, menu
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert wide == ["Courses", "Glossary", "Sign in", "", "Search"]
    assert held.all_inner_texts() == wide
    page.close()


@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_language_switch_stays_in_sight_in_its_own_words(page: Page, language: str) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto(f"/accounts/login/?lang={language}")

    switch = page.locator(".languages summary")

    assert switch.is_visible()
    assert switch.inner_text().endswith(get_language_info(language)["name_local"].capitalize())


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_what_the_menu_and_the_languages_open_fits(page: Page, size: str) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto("/accounts/login/?lang=de")
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)

    page.locator(".fold summary").click()
    page.locator(".languages summary").click()

    boxes = page.locator(".menu :is(summary, a, button, input)").evaluate_all(SIDES)
    assert [box for box in boxes if not 0 <= box[0] < box[1] <= 320] == []
    assert page.evaluate(EXCESS) <= 0


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_no_component_is_wider_than_a_small_telephone(patterns: Page, direction: str) -> None:
    patterns.goto(f"/kit/?dir={direction}")

    assert patterns.evaluate(EXCESS) <= 0


def test_paper_has_the_text_and_no_controls(patterns: Page) -> None:
    patterns.goto("/kit/")
    patterns.emulate_media(media="print")

    controls = [".skip", ".exit", ".menu", ".breadcrumbs", ".button", ".filters", ".pagination"]
    kept = [".certificate", ".scenario-node", "details > p", ".chart svg", "caption", "thead"]
    assert patterns.evaluate(SHOWN, controls) == []
    assert patterns.evaluate(SHOWN, kept) == kept
    heads = "() => getComputedStyle(document.querySelector('thead')).display"
    assert patterns.evaluate(heads) == "table-header-group"
    assert patterns.pdf(prefer_css_page_size=True).startswith(b"%PDF")
