"""What the tests of the pages of organisations begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.organisations.rows import Place, enter, make_place

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def other() -> Place:
    return make_place("second")


@pytest.fixture
def manager(place: Place) -> Client:
    return enter(place.manager)
