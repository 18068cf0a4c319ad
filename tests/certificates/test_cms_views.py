"""Certificates in the CMS."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from certificates.codes import grouped
from certificates.models import Certificate, State
from certificates.verifying import state_of
from tutela.accounts.models import User

from .rows import TODAY, make_certificate, make_person

pytestmark = pytest.mark.django_db

LIST = "/cms/certificates/"


@pytest.fixture(autouse=True)
def _no_second_factor() -> object:
    """Test the pages; that the CMS demands a second factor is tested with the accounts."""
    with override_settings(REQUIRE_SECOND_FACTOR=False):
        yield


def sign_in(client: Client, *codenames: str) -> User:
    person = make_person("admin@example.org")
    allowed = Permission.objects.filter(codename__in=["access_admin", *codenames])
    person.user_permissions.set(allowed)
    client.force_login(person)
    return person


def revoke_page(certificate: Certificate) -> str:
    return f"{LIST}{certificate.pk}/revoke/"


def test_an_administrator_looks_a_code_up_and_sees_no_name(client: Client) -> None:
    wanted, other = make_certificate(), make_certificate(make_person("b@example.org"))
    sign_in(client, "view_certificate")

    answer = client.get(LIST, {"code": grouped(wanted.code).lower()})

    assert answer.status_code == 200
    assert [grouped(row.code) in answer.text for row in (wanted, other)] == [True, False]
    assert "Anna" not in answer.text
    assert revoke_page(wanted) not in answer.text


def test_revoking_asks_for_a_reason_and_keeps_who_gave_it(client: Client) -> None:
    certificate = make_certificate()
    admin = sign_in(client, "view_certificate", "revoke_certificate")

    empty = client.post(revoke_page(certificate), {"reason": ""})
    answer = client.post(revoke_page(certificate), {"reason": "Issued in error"})

    assert (empty.status_code, answer.status_code, answer["Location"]) == (422, 303, LIST)
    event = certificate.events.get()
    assert (event.by, event.reason) == (admin, "Issued in error")
    assert state_of(certificate, on=TODAY) == State.REVOKED


def test_a_get_changes_nothing(client: Client) -> None:
    certificate = make_certificate()
    sign_in(client, "revoke_certificate")

    assert client.get(revoke_page(certificate)).status_code == 200
    assert not certificate.events.exists()


@pytest.mark.parametrize("codenames", [[], ["view_certificate"]])
def test_who_may_not_revoke_changes_nothing(client: Client, codenames: list[str]) -> None:
    certificate = make_certificate()
    sign_in(client, *codenames)

    client.post(revoke_page(certificate), {"reason": "No"})

    assert not certificate.events.exists()


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, item_count: int
) -> None:
    sign_in(client, "view_certificate")
    anna = make_person()
    for cycle in range(item_count):
        make_certificate(anna, cycle=cycle + 1)
    client.get(LIST)

    with django_assert_num_queries(10):
        client.get(LIST)
