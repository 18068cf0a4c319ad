"""The list of addresses that mail does not reach, and who may see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.accounts.signing_in import make_person
from tests.people import signed_in
from tutela.accounts.models import Event, Sign, UndeliverableAddress
from tutela.accounts.undeliverable import (
    KEPT,
    forget_old_addresses,
    note_undeliverable,
    takes_no_bulk,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANA = "ana@a.example"
PAGE = "/cms/undeliverable/"


def note(address: str = ANA, reply: str = "550 5.1.1", at: datetime = AT) -> UndeliverableAddress:
    note_undeliverable(address, sign=Sign.REFUSED, reply=reply, at=at)
    return UndeliverableAddress.objects.get(address=address)


def administrator() -> Client:
    return signed_in(make_person("chief@a.example", "Administrators"))


def test_an_address_is_listed_once_with_what_was_said_last() -> None:
    note(reply="452 4.2.2")
    again = note(reply="550 5.1.1", at=AT + timedelta(days=1))

    assert (again.times, again.reply) == (2, "550 5.1.1")
    assert (again.first_at, again.last_at) == (AT, AT + timedelta(days=1))
    assert takes_no_bulk(ANA) is True
    assert takes_no_bulk("ben@a.example") is False


def test_an_address_leaves_the_list_after_half_a_year() -> None:
    note()

    assert forget_old_addresses(at=AT + KEPT) == 0
    assert forget_old_addresses(at=AT + KEPT + timedelta(seconds=1)) == 1


def test_administrators_see_the_list_and_nothing_that_was_in_a_mail() -> None:
    note()

    html = administrator().get(PAGE).content.decode()

    assert all(shown in html for shown in (ANA, "550 5.1.1", "Not sent", "Try again"))
    names = {field.name for field in UndeliverableAddress._meta.get_fields()}
    assert names == {"id", "address", "sign", "reply", "times", "first_at", "last_at"}


def test_an_administrator_has_an_address_tried_again_and_the_log_names_her() -> None:
    listed = note()
    client = administrator()

    answer = client.post(f"{PAGE}{listed.pk}/again/")

    assert (answer.status_code, UndeliverableAddress.objects.count()) == (303, 0)
    event = Event.objects.latest("pk")
    assert event.kind == "undeliverable address removed"
    assert event.actor is not None
    assert event.actor.email == "chief@a.example"
    assert ANA not in f"{event.subject}{event.data}"


def test_nothing_is_removed_by_reading() -> None:
    listed = note()

    assert administrator().get(f"{PAGE}{listed.pk}/again/").status_code == 405
    assert UndeliverableAddress.objects.count() == 1


@pytest.mark.parametrize("group", ["Authors", "Reviewers", "Publishers"])
def test_nobody_else_sees_the_list(group: str) -> None:
    listed = note()
    client = signed_in(make_person("other@a.example", group))

    assert ANA not in client.get(PAGE, follow=True).content.decode()
    client.post(f"{PAGE}{listed.pk}/again/")
    assert UndeliverableAddress.objects.count() == 1


def test_a_long_list_has_pages() -> None:
    for number in range(51):
        note(f"{number}@a.example", at=AT + timedelta(seconds=number))
    client = administrator()

    first, second = (client.get(f"{PAGE}?p={page}").content.decode() for page in (1, 2))

    assert ("50@a.example" in first, "<td>0@a.example" in first) == (True, False)
    assert "<td>0@a.example" in second
