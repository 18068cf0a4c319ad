"""The country that a visitor keeps on her device, in a real browser."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tutela.helplines.models import Helpline, Kind

from .records import make_helpline, verified

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
ICON = "favicon.svg"  # browsers ask for it when they like, once
KEEP = "Keep this country on this device"
LESSON = "/en/courses/foundation/respond/when-a-child-tells-you/"
AUSTRIA = {
    "country": "AT",
    "lines": [{"kind": "child_helpline", "number": "0 147", "url": "", "due": "2099-01-01"}],
}


def shown(page: Page, where: str = "footer") -> list[str]:
    return page.locator(f"{where} [data-kept] dd:visible").all_inner_texts()


@pytest.fixture
def austria(page: Page) -> Page:
    """Give a browser on the page of a country with two numbers."""
    today = verified(timezone.localdate(), days=30)
    make_helpline(number="0 147", **today)
    make_helpline(kind=Kind.ILLEGAL_CONTENT, number="", url="https://report.example/x", **today)
    make_helpline(kind=Kind.PREVENTION, number="555", **today)
    page.goto("/en/help/at/")
    return page


def test_nothing_is_kept_unless_the_visitor_says_so(austria: Page) -> None:
    austria.goto("/en/help/")

    assert shown(austria) == []
    assert austria.evaluate("localStorage.length") == 0


def test_the_numbers_stand_at_the_foot_of_every_page(austria: Page) -> None:
    austria.get_by_role("button", name=KEEP).click()
    status = austria.locator("[data-kept-status]").inner_text()
    found = {}
    # The browser would complain of the 404 itself.
    austria.route(
        "**/nothing-here/", lambda route: route.fulfill(response=route.fetch(), status=200)
    )
    for path in ("/en/help/", "/accounts/login/?lang=en", "/en/nothing-here/"):
        austria.goto(path)
        found[path] = shown(austria)

    assert status == "Kept on this device."
    assert set(map(tuple, found.values())) == {("0 147", "report.example")}


def test_they_can_be_dialled_and_the_country_is_named(austria: Page) -> None:
    austria.get_by_role("button", name=KEEP).click()
    austria.goto("/de/help/")
    links = austria.locator("footer [data-kept] dd a:visible")

    assert austria.locator("[data-kept-name]").inner_text() == "Österreich"
    assert [link.get_attribute("href") for link in links.all()] == [
        "tel:0147",
        "https://report.example/x",
    ]
    assert austria.locator("footer [data-help]").get_attribute("href") == "/de/help/at/"


@pytest.mark.parametrize("where", ["main", "footer"])
def test_forgetting_leaves_nothing(austria: Page, where: str) -> None:
    austria.get_by_role("button", name=KEEP).click()
    austria.locator(f"{where} [data-forget]").click()

    assert shown(austria) == []
    assert austria.evaluate("localStorage.length") == 0
    assert austria.locator("[data-forget]:visible").count() == 0


def test_keeping_sends_nothing(austria: Page) -> None:
    asked: list[str] = []
    austria.on("request", lambda sent: asked.append(sent.url))

    austria.get_by_role("button", name=KEEP).click()
    austria.locator("footer [data-forget]").click()
    austria.get_by_role("button", name=KEEP).click()

    assert [url for url in asked if not url.endswith(ICON)] == []
    assert austria.context.cookies() == []


def test_a_number_is_not_shown_after_its_day(austria: Page) -> None:
    austria.get_by_role("button", name=KEEP).click()
    later = timezone.now() + timedelta(days=32)
    austria.clock.set_fixed_time(later)
    austria.goto("/en/help/")

    assert shown(austria) == []
    assert "112" in austria.locator("footer").inner_text()


def test_the_countrys_own_page_renews_what_is_kept(austria: Page) -> None:
    austria.get_by_role("button", name=KEEP).click()
    record = Helpline.objects.get(number="0 147")
    record.number = "148"
    record.save()
    austria.goto("/en/help/at/")

    assert shown(austria) == ["148", "report.example"]


def test_what_somebody_broke_is_as_nothing(austria: Page) -> None:
    austria.evaluate("localStorage.setItem('country', '{')")
    austria.goto("/en/help/")

    assert shown(austria) == []


def test_without_a_script_there_is_no_button(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/en/help/")
    page.get_by_label("Country").select_option("AT")
    page.get_by_role("button", name="Show").click()

    assert page.url.endswith("/en/help/at/")
    assert page.get_by_role("button", name=KEEP).count() == 0
    assert page.locator("[data-kept]:visible").count() == 0
    assert "112" in page.locator("footer").inner_text()
    context.close()


def test_two_learners_ask_for_the_same_with_and_without_a_country(
    curriculum: None, page: Page
) -> None:
    make_helpline(number="0 147", **verified(timezone.localdate(), days=30))
    page.goto("/en/help/at/")
    asked: list[tuple[str, str | None, dict[str, str]]] = []

    def note(sent: Request) -> None:
        if not sent.url.endswith(ICON):
            asked.append((sent.url, sent.post_data, sent.headers))

    page.on("request", note)
    page.goto(LESSON)
    without = [*asked], shown(page, "main"), page.locator("main [data-help]").get_attribute("href")
    page.evaluate(f"localStorage.setItem('country', JSON.stringify({json.dumps(AUSTRIA)}))")
    asked.clear()
    page.goto(LESSON)
    kept = [*asked], shown(page, "main"), page.locator("main [data-help]").get_attribute("href")

    assert without[0] == kept[0]
    assert without[1:] == ([], "/en/help/#emergency")
    assert kept[1:] == (["0 147"], "/en/help/at/#emergency")
