"""W4 in a browser: a name that was sent after the session ended is there after signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from tests.people import make_person, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

NAME = "Zoë & Ana; “Nino” ნინო"
FORM = "/en/learning/certificates/name/"


def test_W4_a_name_typed_too_late_is_not_typed_again(page: Page, live_server: LiveServer) -> None:
    person = make_person("learner")
    key = signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(FORM)
    page.locator("[name=name]").fill(NAME)

    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("main form button").click()
    page.wait_for_url("**/accounts/login/**")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill("a pass phrase for tests")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}{FORM}")

    assert page.locator("[name=name]").input_value() == NAME
    assert page.get_by_text("You were signed out before this was saved.").is_visible()
