"""Removing a second factor that its owner lost: with a reason, a day's delay, and a letter.

The delay is what protects the account: whoever persuades an administrator must wait while every
address of the person says so, and she, or any administrator, can stop it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from .holdings import end_sessions
from .letters import addresses_of, write_letter
from .models import FactorReset, User, log_event

if TYPE_CHECKING:
    from datetime import datetime

DELAY = timedelta(days=1)
_signer = Signer(salt="tutela.accounts.factor_resets")


class FactorResetError(RuntimeError):
    """A second factor cannot be reset."""


class NoFactorError(FactorResetError):
    """The person has no second factor that could be removed."""


class OwnFactorError(FactorResetError):
    """An administrator asks for her own reset: another must."""


class ResetWaitsError(FactorResetError):
    """A reset is waiting for this person already."""


def ask_reset(person: User, *, by: User | None, reason: str, at: datetime) -> FactorReset:
    """Ask for the removal of a person's second factor, and tell all her addresses.

    `by` is None where the operator asks on the machine itself. Raises `FactorResetError`.
    """
    if not Authenticator.objects.filter(user=person).exists():
        raise NoFactorError
    if by == person:
        raise OwnFactorError
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        if FactorReset.objects.filter(person=person).open().exists():
            raise ResetWaitsError
        reset = FactorReset.objects.create(
            person=person, asked_by=by, reason=reason, asked_at=at, due_at=at + DELAY
        )
        _log("second factor reset asked", reset, by=by, at=at, reason=reason)
        _tell(reset, "factor_reset_asked", stop_url=stop_url(reset))
    return reset


def stop_reset(reset: FactorReset, *, by: User | None, at: datetime) -> bool:
    """Stop a reset that waits, and return whether it still did; `by` None is the letter's link."""
    with transaction.atomic():
        stopped = FactorReset.objects.filter(pk=reset.pk).open().update(stopped_at=at)
        if stopped:
            _log("second factor reset stopped", reset, by=by, at=at)
            _tell(reset, "factor_reset_stopped")
    return bool(stopped)


def stop_resets_of(person: User, *, at: datetime) -> None:
    """Stop what waits for a person who has just given her second factor."""
    for reset in FactorReset.objects.filter(person=person).open():
        stop_reset(reset, by=person, at=at)


def carry_out_due_resets(*, at: datetime, person: User | None = None) -> int:
    """Remove the second factors whose delay is over, of one person or all; return how many."""
    due = FactorReset.objects.due(at=at).select_related("person")
    if person is not None:
        due = due.filter(person=person)
    return sum(_carry_out(reset, at=at) for reset in due)


def stop_url(reset: FactorReset) -> str:
    """Return the address, with a secret, by which the letter's reader stops the reset."""
    token = _signer.sign(str(reset.pk))
    return settings.BASE_URL + reverse("accounts:stop_factor_reset", args=[token])


def reset_of_token(token: str) -> FactorReset | None:
    """Return the reset that a letter's secret names."""
    try:
        return FactorReset.objects.filter(pk=int(_signer.unsign(token))).first()
    except BadSignature:
        return None


def _carry_out(reset: FactorReset, *, at: datetime) -> bool:
    with transaction.atomic():
        # Of two workers, or a worker and the person who stops it, only one finds it open.
        if not FactorReset.objects.filter(pk=reset.pk).due(at=at).update(done_at=at):
            return False
        Authenticator.objects.filter(user=reset.person).delete()
        end_sessions(reset.person)
        _log("second factor reset done", reset, by=None, at=at)
        _tell(reset, "factor_reset_done")
    return True


def _tell(reset: FactorReset, letter: str, **context: object) -> None:
    person = reset.person
    language, zone = person.language or settings.LANGUAGE_CODE, person.time_zone
    with translation.override(language), timezone.override(zone or settings.TIME_ZONE):
        write_letter(letter, to=addresses_of(person), due_at=reset.due_at, **context)


def _log(kind: str, reset: FactorReset, *, by: User | None, at: datetime, **data: object) -> None:
    log_event(kind, subject=f"person {reset.person_id}", at=at, actor=by, reset=reset.pk, **data)
