"""How the components stand on a small telephone, from right to left, and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django import Settings

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# The longest that the quick exit is called in the interface's languages.
EXITS = ["Leave this page quickly", "Diese Seite schnell verlassen", "Быстро покинуть эту страницу"]
SAY = """(words) => { document.querySelector(".exit").firstChild.textContent = words; }"""
BOXES = """() => [".brand", ".exit"].map((one) => {
  const box = document.querySelector(one).getBoundingClientRect();
  return [box.left, box.right, box.height]; })"""
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


def test_open_list_of_languages_fits(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto("/accounts/login/")

    page.locator(".languages summary").click()

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
