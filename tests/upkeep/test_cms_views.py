"""The status page: for administrators, in words, naming nobody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.people import Cast, signed_in
from tutela.accounts.models import WaitingMail
from tutela.work.models import Heartbeat

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
PAGE = "/cms/status/"


@pytest.mark.parametrize(
    "role", ["trainer", "reviewer", "publisher", "country_editor", "learner", "manager"]
)
def test_the_page_is_for_administrators(cast: Cast, role: str) -> None:
    assert signed_in(getattr(cast, role)).get(PAGE).status_code in {302, 403}


def test_each_reading_says_its_state_in_words(cast: Cast) -> None:
    Heartbeat.objects.create(worker="one", beat_at=timezone.now())
    WaitingMail.objects.create(
        content={"to": ["ada@example.org"], "body": "Your code is 123456."},
        due_at=timezone.now() - timedelta(minutes=40),
        failures=3,
    )

    page = signed_in(cast.administrator).get(PAGE).content.decode()

    rows = re.findall(r"<td>\s*<span[^>]*>([^<]+)</span>\s*</td>\s*<td>([^<]+)</td>", page)
    said = {note: state for state, note in rows}
    assert said["1 worker is alive."] == "Well"
    assert said["The oldest of them should have been sent 40 min ago."] == "Act now"
    assert said["1 mail could not be handed over at the first try."] == "Look at it"
    assert ("ada@example.org" in page, "123456" in page) == (False, False)


@pytest.mark.parametrize("path", [PAGE, "/cms/second-factors/", "/cms/undeliverable/"])
def test_a_page_of_ours_has_one_heading(cast: Cast, path: str) -> None:
    page = signed_in(cast.administrator).get(path).content.decode()

    assert len(re.findall(r"<h1[ >]", page)) == 1


def test_the_page_is_in_the_menu_of_whom_it_concerns(cast: Cast) -> None:
    for role, shown in (("administrator", True), ("trainer", False)):
        assert (PAGE in signed_in(getattr(cast, role)).get("/cms/").content.decode()) is shown


def test_the_page_takes_as_many_queries_however_much_waits(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.administrator)
    client.get(PAGE)
    for rows in (1, 30):
        WaitingMail.objects.bulk_create(
            WaitingMail(content={}, due_at=timezone.now()) for _ in range(rows)
        )
        with django_assert_max_num_queries(65):
            client.get(PAGE)
