"""What we hold about a person's certificates, and how it is let go."""

from __future__ import annotations

import json

import pytest
from pytest_django import DjangoAssertNumQueries

from certificates.holding import erase, hold
from certificates.models import Certificate
from tutela.accounts.privacy import holdings

from .rows import AT, make_certificate, make_person

pytestmark = pytest.mark.django_db


def test_the_room_is_in_the_registry() -> None:
    assert [(row.hold, row.erase) for row in holdings() if row.name == "certificates"] == [
        (hold, erase)
    ]


@pytest.mark.parametrize("item_count", [1, 3])
def test_a_person_is_given_all_of_her_certificates(
    django_assert_num_queries: DjangoAssertNumQueries, item_count: int
) -> None:
    anna = make_person()
    made = [make_certificate(anna, cycle=cycle + 1) for cycle in range(item_count)]
    make_certificate(make_person("b@example.org"))

    with django_assert_num_queries(2):
        held = hold(anna)

    assert {row["code"] for row in held} == {certificate.code for certificate in made}
    assert json.loads(json.dumps(held)) == held
    assert {row["holder"] for row in held} == {"Anna Example"}


def test_after_erasure_nothing_leads_to_the_person() -> None:
    anna = make_person()
    make_certificate(anna)

    erase(anna, at=AT)

    assert hold(anna) == []
    row = Certificate.objects.values().get()
    assert "Anna" not in json.dumps(row, default=str)
    assert row["person_id"] is None
