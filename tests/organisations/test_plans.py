"""What a big organisation asks for is found by an index, and never by reading all that there is."""

from __future__ import annotations

from typing import Any

import pytest

from organisations.columns import ORDERS, order_of
from organisations.models import Membership, Record
from organisations.records import past_retention
from tests.organisations.rows import LATER, Place, make_place, make_record
from tests.plans import plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    place = make_place()
    make_record(place.north)
    return place


def theirs(model: type[Membership | Record], place: Place) -> Any:
    """Return what the manager of the whole organisation sees."""
    return model.objects.visible_to(place.manager, organisation=place.organisation, at=LATER)


@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("name", "record_by_name"),
        ("unit", "record_by_unit"),
        ("course", "record_by_title"),
        ("completed", "record_by_day"),
    ],
)
def test_records_come_in_the_order_of_an_index(
    place: Place, sort: str, index: str, direction: str
) -> None:
    numbers = theirs(Record, place).order_by(*order_of(direction + sort)).values_list("pk")

    plan = plan_of(numbers[:50])

    assert index in plan
    assert "USE TEMP B-TREE" not in plan


def test_each_way_to_sort_records_is_tried() -> None:
    assert set(ORDERS) == {"name", "unit", "course", "completed"}


def test_members_come_in_the_order_of_an_index(place: Place) -> None:
    members = theirs(Membership, place).active(at=LATER).order_by("name", "pk")

    assert "membership_by_name" in plan_of(members[:50])


def test_the_records_of_a_certificate_are_found_by_its_code() -> None:
    assert "record_by_certificate" in plan_of(Record.objects.filter(certificate_code="A" * 26))


def test_whose_retention_is_over_is_found_by_its_last_day(place: Place) -> None:
    over = past_retention(place.organisation, at=LATER)

    assert "record_by_last_day" in plan_of(over.order_by())
