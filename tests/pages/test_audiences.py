"""The ten sectors: each has a page, at the address that it always had."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from courses.sectors import Sector
from tests.people import signed_in
from tutela.pages.audiences import sector_links
from tutela.pages.models import SectorPage

pytestmark = pytest.mark.usefixtures("curriculum")


def test_every_sector_stands_at_its_address_in_every_language() -> None:
    for language in ("en", "fr", "ru"):
        with translation.override(language):
            links = sector_links(language)
        assert [(code, url) for code, _, url in links] == [
            (code, f"/{language}/sectors/{code}/") for code in Sector.values
        ]


def test_the_addresses_are_asked_for_once() -> None:
    first = sector_links("en")
    with CaptureQueriesContext(connection) as queries:
        assert sector_links("en") == first
    assert len(queries) == 0


def test_an_unpublished_sector_is_offered_in_no_language() -> None:
    SectorPage.objects.get(sector="policing", locale__language_code="en").unpublish()
    caches["pages"].clear()
    codes = [code for code, *_ in sector_links("fr")]
    assert codes == [code for code in Sector.values if code != "policing"]


@pytest.mark.parametrize("path", ["", "sectors/"])
def test_lists_lead_to_all_of_them(path: str) -> None:
    html = signed_in(None).get(f"/fr/{path}").content.decode()
    assert [code for code in Sector.values if f'href="/fr/sectors/{code}/"' not in html] == []


def test_a_sector_page_says_what_to_notice_to_do_and_whom_to_call() -> None:
    html = signed_in(None).get("/en/sectors/policing/").content.decode()
    places = [
        html.index(part)
        for part in (
            "What you can notice",
            "What to do",
            "Whom to call",
            "The course of your profession",
            "/en/courses/policing/",
            "First, for everybody",
            "/en/courses/foundation/",
        )
    ]
    assert places == sorted(places)
