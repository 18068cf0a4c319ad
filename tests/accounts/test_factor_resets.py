"""A lost second factor: a reason, a day, a letter, and a way to stop it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.accounts.signing_in import (
    app_code,
    by_password,
    give_app,
    is_signed_in,
    make_person,
    recovery_code,
)
from tutela.accounts import factor_resets
from tutela.accounts.models import Event, FactorReset, User
from tutela.accounts.tasks import carry_out_due_resets

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PAGE = "/cms/second-factors/"


@pytest.fixture
def administrator() -> User:
    return make_person("admin@a.example", "Administrators")


@pytest.fixture
def loser() -> User:
    person = give_app(make_person("loser@a.example"))
    EmailAddress.objects.create(user=person, email="home@b.example", verified=True)
    EmailAddress.objects.create(user=person, email="never@c.example", verified=False)
    return person


def ask(person: User, by: User | None, at: datetime = AT) -> FactorReset:
    return factor_resets.ask_reset(person, by=by, reason="Called back on her number.", at=at)


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_every_confirmed_address_is_told_alone(loser: User, administrator: User) -> None:
    reset = ask(loser, administrator)

    assert [message.to for message in mail.outbox] == [["loser@a.example"], ["home@b.example"]]
    assert factor_resets.stop_url(reset) in str(mail.outbox[1].body)
    assert "1 March 2026" in str(mail.outbox[0].body) or "2 March 2026" in str(mail.outbox[0].body)
    assert (reset.due_at, kinds()) == (AT + timedelta(days=1), ["second factor reset asked"])


def test_the_factor_stays_until_the_day_is_over(loser: User, administrator: User) -> None:
    ask(loser, administrator)

    done = [
        factor_resets.carry_out_due_resets(at=AT + timedelta(hours=hours))
        for hours in (0, 23, 24, 25)
    ]

    assert done == [0, 0, 1, 0]
    assert Authenticator.objects.filter(user=loser).count() == 0
    assert kinds() == ["second factor reset asked", "second factor reset done"]


def test_a_reset_signs_out_everywhere_and_asks_no_factor_afterwards(
    client: Client, loser: User, administrator: User
) -> None:
    by_password(client, "loser@a.example")
    client.post("/accounts/2fa/authenticate/", {"code": app_code()})
    ask(loser, administrator, at=timezone.now() - timedelta(days=2))

    carry_out_due_resets.func()

    assert not is_signed_in(client)
    by_password(client, "loser@a.example")
    assert is_signed_in(client)


def test_a_due_reset_does_not_wait_for_the_worker(
    client: Client, loser: User, administrator: User
) -> None:
    ask(loser, administrator, at=timezone.now() - timedelta(days=2))

    by_password(client, "loser@a.example")

    assert is_signed_in(client)


def test_the_letters_reader_stops_it(client: Client, loser: User, administrator: User) -> None:
    reset = ask(loser, administrator)
    [link] = re.findall(r"http\S+(/accounts/reset/\S+)", str(mail.outbox[0].body))
    assert "Stop the removal" in client.get(link).content.decode()
    assert FactorReset.objects.open().count() == 1

    assert client.post(link).status_code == 303

    assert "Your second factor stays" in client.get(link).content.decode()
    assert factor_resets.carry_out_due_resets(at=AT + timedelta(days=2)) == 0
    reset.refresh_from_db()
    assert (reset.done_at, kinds()[-1]) == (None, "second factor reset stopped")


@pytest.mark.parametrize("token", ["1", "1:x", "1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"])
def test_a_forged_letter_stops_nothing(client: Client, loser: User, token: str) -> None:
    ask(loser, None)

    assert client.post(f"/accounts/reset/{token}/").status_code == 404
    assert FactorReset.objects.open().count() == 1


@pytest.mark.parametrize("means", ["app", "recovery code"])
def test_whoever_can_give_the_factor_needs_no_reset(
    client: Client, loser: User, means: str
) -> None:
    ask(loser, None, at=timezone.now())
    by_password(client, "loser@a.example")
    code = app_code() if means == "app" else recovery_code(loser)

    client.post("/accounts/2fa/authenticate/", {"code": code})

    assert FactorReset.objects.open().count() == 0
    assert Authenticator.objects.filter(user=loser, type="totp").count() == 1


def test_what_cannot_be_reset(loser: User, administrator: User) -> None:
    with pytest.raises(factor_resets.NoFactorError):
        ask(administrator, None)
    with pytest.raises(factor_resets.OwnFactorError):
        ask(loser, loser)
    ask(loser, administrator)
    with pytest.raises(factor_resets.ResetWaitsError):
        ask(loser, administrator)


def test_a_stopped_reset_is_not_stopped_again(loser: User) -> None:
    reset = ask(loser, None)

    assert [factor_resets.stop_reset(reset, by=None, at=AT) for _twice in range(2)] == [True, False]
    assert len(mail.outbox) == 4


def test_an_administrator_asks_and_another_stops(
    client: Client, loser: User, administrator: User
) -> None:
    client.force_login(administrator)
    answer = client.post(PAGE, {"email": "Loser@a.example", "reason": "Called back."})
    assert answer.status_code == 303
    reset = FactorReset.objects.get()
    assert (reset.asked_by, reset.reason) == (administrator, "Called back.")

    client.force_login(make_person("other@a.example", "Administrators"))
    assert "Called back." in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{reset.pk}/stop/").status_code == 422
    assert FactorReset.objects.open().count() == 1
    client.post(f"{PAGE}{reset.pk}/stop/", {"reason": "She found her key."})

    assert FactorReset.objects.open().count() == 0
    told = Event.objects.latest("pk")
    assert (told.kind, told.data["reason"]) == ("second factor reset stopped", "She found her key.")


@pytest.mark.parametrize("email", ["nobody@a.example", "admin@a.example"])
def test_the_form_says_what_is_wrong(client: Client, administrator: User, email: str) -> None:
    client.force_login(administrator)

    answer = client.post(PAGE, {"email": email, "reason": "Called back."})

    assert answer.status_code == 422
    assert "No person with a second factor" in answer.content.decode()


@pytest.mark.parametrize("group", ["Authors", "Reviewers", "Publishers"])
def test_only_administrators_reset(client: Client, loser: User, group: str) -> None:
    reset = ask(loser, None)
    client.force_login(make_person("a@a.example", group))

    client.post(PAGE, {"email": "loser@a.example", "reason": "I like to."})
    client.post(f"{PAGE}{reset.pk}/stop/", {"reason": "I like to."})

    assert "Called back" not in client.get(PAGE, follow=True).content.decode()
    assert FactorReset.objects.open().get() == reset


def test_the_operator_asks_on_the_machine(loser: User) -> None:
    call_command("reset_second_factor", "LOSER@a.example", reason="She stood before me.")

    assert FactorReset.objects.get().asked_by is None
    for email in ("loser@a.example", "nobody@a.example"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", email, reason="Again.")
