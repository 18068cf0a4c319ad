"""Whether a certificate holds on a day: a decision that knows no database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

# What weighs more stands first: a holder who withdrew it is not told on as "revoked".
FATES = ("withdrawn", "revoked", "superseded")


def decide(fates: Collection[str], *, expires_on: date | None, on: date) -> str:
    """Return the state of a certificate; `expires_on` is its last valid day, None means never."""
    for fate in FATES:
        if fate in fates:
            return fate
    return "expired" if expires_on is not None and on > expires_on else "valid"
