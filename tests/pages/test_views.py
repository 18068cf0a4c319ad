"""Pages of help and of contact."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.people import signed_in

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.usefixtures("curriculum")


def main_of(path: str) -> str:
    html = signed_in(None).get(path).content.decode()
    return str(html[html.index("<main") : html.index("</main>")])


@pytest.mark.parametrize(
    "name", ["help-for-children", "worried-about-a-child", "worried-about-yourself"]
)
def test_a_page_of_help_begins_with_the_emergency_number(settings: Settings, name: str) -> None:
    settings.EMERGENCY_NUMBER = "1 1 3"
    html = main_of(f"/en/{name}/")
    places = [html.index(part) for part in ('href="tel:113"', 'href="/en/help/"', 'class="prose"')]
    assert places == sorted(places)
    assert "<form" not in html


def test_contact_shows_the_operators_address_and_takes_no_text(settings: Settings) -> None:
    settings.CONTACT_EMAIL = "help@example.org"
    html = main_of("/en/contact/")
    assert 'href="mailto:help@example.org?subject=Question%20about%20the%20site"' in html
    assert html.index("tel:112") < html.index("mailto:")
    assert re.search(r"<(form|textarea|input)", html) is None


def test_contact_without_an_address_says_whom_to_ask(settings: Settings) -> None:
    settings.CONTACT_EMAIL = ""
    html = main_of("/en/contact/")
    assert "Please ask your organisation." in html
    assert "mailto:" not in html
