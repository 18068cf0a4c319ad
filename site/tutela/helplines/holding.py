"""What this room holds about a person: the countries she edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .models import CountryEditor

if TYPE_CHECKING:
    from datetime import datetime

    from tutela.accounts.models import User


def hold(person: User) -> list[dict[str, Any]]:
    """Return the countries that the person edits."""
    rows = CountryEditor.objects.filter(person=person).order_by("country")
    return [{"what": "country editor", "country": row.country} for row in rows]


def erase(person: User, *, at: datetime) -> None:
    """Take her countries from her."""
    CountryEditor.objects.filter(person=person).delete()
