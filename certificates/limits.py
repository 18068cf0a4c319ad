"""How often one address may ask: codes cannot be guessed, and nobody shall spend our time trying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutela.kit.limits import count, visitor

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

LOOK_UPS = 40  # an office behind one address checks a class in a minute
SURNAMES = 10
SURNAMES_A_CODE = 20  # from however many addresses


def may_look_up(request: HttpRequest, *, at: datetime) -> bool:
    """Return whether this visitor may ask for one more code, and count it."""
    return count("certificates:code", visitor(request), at=at) <= LOOK_UPS


def may_try_surname(request: HttpRequest, *, code: str, at: datetime) -> bool:
    """Return whether one more surname may be tried, by this visitor and for this code."""
    tries = count("certificates:surname", visitor(request), at=at)
    return count("certificates:surname-of", code, at=at) <= SURNAMES_A_CODE and tries <= SURNAMES
