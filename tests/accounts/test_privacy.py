"""What we hold, handed out and erased."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core import mail
from django.core.mail import EmailMessage

from tests.accounts.signing_in import PASSWORD, by_password, give_app, is_signed_in, make_person
from tutela.accounts import factor_resets, privacy
from tutela.accounts.holdings import erase_account, hold_account
from tutela.accounts.models import (
    Event,
    FactorReset,
    Sign,
    UndeliverableAddress,
    User,
    WaitingMail,
    log_event,
)
from tutela.accounts.posting import put_in_post
from tutela.accounts.undeliverable import note_undeliverable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def diary() -> Iterator[list[User]]:
    """A room that holds one thing, and remembers whom it was asked to forget."""
    forgotten: list[User] = []

    def forget(person: User, *, at: datetime) -> None:
        assert at == AT
        forgotten.append(person)

    privacy.register(privacy.Holding("diary", "Diary", lambda _person: [{"day": "1 May"}], forget))
    yield forgotten
    del privacy._holdings["diary"]


def confirmed(client: Client) -> None:
    by_password(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_a_holding_is_registered_once() -> None:
    holding = privacy.holdings()[0]

    privacy.register(holding)
    with pytest.raises(ValueError, match="Two holdings"):
        privacy.register(privacy.Holding(holding.name, "Other", holding.hold, holding.erase))


def test_the_account_is_handed_out_whole(client: Client) -> None:
    person = make_person(first_name="Ada", language="fr")
    by_password(client)
    give_app(person)
    log_event("second factor added", subject=f"person {person.pk}", at=AT, actor=person)

    held = {part.name: part.rows for part in privacy.what_we_hold(person)}["account"]

    assert [row["what"] for row in held] == [
        "account", "address", "second factor", "second factor", "session", "event",
    ]  # fmt: skip
    assert (held[0]["email"], held[0]["name"], held[0]["language"]) == (
        "learner@a.example", "Ada", "fr",
    )  # fmt: skip
    assert "secret" not in json.dumps(held)


def test_the_page_names_every_room(client: Client, diary: list[User]) -> None:
    client.force_login(make_person())

    page = client.get("/accounts/data/").content.decode()

    assert "Diary" in page
    assert "Your account" in page


def test_the_file_asks_for_the_password_again(client: Client, diary: list[User]) -> None:
    make_person()
    by_password(client)
    asked = client.get("/accounts/data/file/")
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    answer = client.get("/accounts/data/file/")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.json()["diary"] == [{"day": "1 May"}]
    assert answer.json()["account"][0]["email"] == "learner@a.example"


def test_nobody_sees_anothers_data(client: Client) -> None:
    make_person("other@a.example", first_name="Otherwise")
    make_person()
    confirmed(client)

    assert "Otherwise" not in client.get("/accounts/data/file/").content.decode()
    assert "other@a.example" not in client.get("/accounts/data/").content.decode()


def test_erasing_asks_every_room_and_empties_the_person(diary: list[User]) -> None:
    person = give_app(make_person("learner@a.example", "Authors", first_name="Ada"))
    EmailAddress.objects.create(user=person, email="home@b.example", verified=True)
    factor_resets.ask_reset(person, by=None, reason="Ada called.", at=AT)
    mail.outbox.clear()

    privacy.erase_person(person, at=AT)

    person.refresh_from_db()
    assert diary == [person]
    assert person.email.endswith("@erased.invalid")
    assert (person.first_name, person.is_active, person.erased_at) == ("", False, AT)
    assert not person.has_usable_password()
    assert [model.objects.count() for model in (EmailAddress, Authenticator)] == [0, 0]
    assert list(FactorReset.objects.values_list("reason", "done_at")) == [("", None)]
    assert person.groups.count() == 0
    assert [message.to for message in mail.outbox] == [["learner@a.example"], ["home@b.example"]]
    assert Event.objects.latest("pk").kind == "person erased"


def test_nothing_of_the_person_is_left_in_any_of_our_tables() -> None:
    person = give_app(make_person("ada.unique@a.example", first_name="Adaunique"))
    person.certificate_name = "Adaunique of Example"
    person.save()

    privacy.erase_person(person, at=AT)

    rows = [*User.objects.values(), *Event.objects.values(), *FactorReset.objects.values()]
    assert "unique" not in json.dumps(rows, default=str)


def test_mail_on_its_way_and_undeliverable_addresses_are_handed_out_and_erased() -> None:
    person = make_person()
    EmailAddress.objects.create(user=person, email="Home@b.example", verified=True)
    for address in ("learner@a.example", "Home@b.example", "other@a.example"):
        put_in_post(EmailMessage("A letter", "Text", None, [address]), at=AT)
        note_undeliverable(address.lower(), sign=Sign.BOUNCED, reply="5.1.1", at=AT)

    held = [
        row for row in hold_account(person) if "mail on" in row["what"] or "undel" in row["what"]
    ]
    erase_account(person, at=AT)

    assert [(row["what"], row["email"]) for row in held] == [
        ("mail on its way", "learner@a.example"),
        ("mail on its way", "home@b.example"),
        ("undeliverable address", "learner@a.example"),
        ("undeliverable address", "home@b.example"),
    ]
    assert WaitingMail.objects.get().address == "other@a.example"
    assert UndeliverableAddress.objects.get().address == "other@a.example"


def test_an_account_is_erased_once() -> None:
    person = make_person()
    privacy.erase_person(person, at=AT)

    with pytest.raises(privacy.AlreadyErasedError):
        privacy.erase_person(person, at=AT)


def test_closing_asks_for_the_address_and_leaves_nothing(client: Client) -> None:
    person = make_person()
    confirmed(client)
    refused = client.post("/accounts/close/", {"email": "other@a.example"})
    assert refused.status_code == 422

    answer = client.post("/accounts/close/", {"email": "Learner@a.example"})

    assert answer.headers["Location"] == "/accounts/closed/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get("/accounts/closed/").status_code == 200
    assert not is_signed_in(client)
    assert UserSession.objects.filter(user=person).count() == 0


def test_closing_asks_for_the_password_again(client: Client) -> None:
    make_person()
    by_password(client)

    answer = client.post("/accounts/close/", {"email": "learner@a.example"})

    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.get().is_active


def test_a_closed_account_can_be_opened_anew_with_its_address(client: Client) -> None:
    privacy.erase_person(make_person(), at=AT)

    make_person()
    by_password(client)

    assert is_signed_in(client)


def test_roles_are_gone_but_the_groups_stay() -> None:
    before = Group.objects.count()

    privacy.erase_person(make_person("a@a.example", "Authors"), at=AT)

    assert Group.objects.count() == before
