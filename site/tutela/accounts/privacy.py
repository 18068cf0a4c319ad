"""What we hold about a person: one registry that every room fills, and the erasure of it all."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import translation

from .letters import addresses_of, write_letter
from .models import User, log_event

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.utils.functional import _StrPromise


class Erase(Protocol):
    def __call__(self, person: User, *, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Holding:
    """What one room holds about people: how it hands it out, and how it forgets it."""

    name: str
    label: str | _StrPromise
    hold: Callable[[User], list[dict[str, Any]]]
    erase: Erase


@dataclass(frozen=True, slots=True)
class Held:
    """What one room holds about one person; the rows can be written as JSON."""

    name: str
    label: str
    rows: list[dict[str, Any]]


class AlreadyErasedError(RuntimeError):
    """The person closed her account before."""


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Add a room's holding; rooms do so in `apps.ready()`."""
    if _holdings.setdefault(holding.name, holding) != holding:
        raise ValueError(f"Two holdings are called {holding.name}.")


def holdings() -> list[Holding]:
    """Return every holding in the order of its name."""
    return [_holdings[name] for name in sorted(_holdings)]


def what_we_hold(person: User) -> list[Held]:
    """Return all that any room holds about the person."""
    return [Held(holding.name, str(holding.label), holding.hold(person)) for holding in holdings()]


def erase_person(person: User, *, at: datetime) -> None:
    """Make every room forget the person, empty her row, and write to her old addresses.

    What proves something to others stays countable without her; an employer's records follow the
    employer's retention. Raises `AlreadyErasedError`.
    """
    addresses, language = addresses_of(person), person.language
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=person.pk)
        if locked.erased_at:
            raise AlreadyErasedError
        for holding in holdings():
            holding.erase(locked, at=at)
        _empty(locked, at=at)
        log_event("person erased", subject=f"person {locked.pk}", at=at)
        with translation.override(language or translation.get_language()):
            write_letter("account_closed", to=addresses)


def _empty(person: User, *, at: datetime) -> None:
    person.groups.clear()
    person.user_permissions.clear()
    EmailAddress.objects.filter(user=person).delete()
    person.email = f"erased-{secrets.token_hex(8)}@erased.invalid"
    person.first_name = person.last_name = person.certificate_name = ""
    person.language = person.time_zone = ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.last_login = None
    person.erased_at = at
    person.set_unusable_password()
    person.save()
