"""Records as a careful editor leaves them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tutela.helplines.models import Helpline, Kind, NationalInformation, Status

DAY = date(2026, 3, 2)


def verified(day: date = DAY, *, days: int = 180) -> dict[str, Any]:
    """Return what makes a record verified on a day, for so many days."""
    return {
        "status": Status.VERIFIED,
        "source_url": "https://operator.example/",
        "verified_on": day,
        "verified_by": "Vera Example, ministry",
        "review_due": day + timedelta(days=days),
    }


def make_helpline(country: str = "AT", **fields: Any) -> Helpline:
    """Return a stored helpline that was verified, unless the fields say otherwise."""
    basis = {"name": "A line", "kind": Kind.CHILD_HELPLINE, "number": "0 12 34"} | verified()
    return Helpline.objects.create(country=country, **(basis | fields))


def make_information(country: str = "AT", **fields: Any) -> NationalInformation:
    """Return stored information that was verified, unless the fields say otherwise."""
    basis = {
        "language": "en",
        "emergency_number": "133",
        "reporting_duty_summary": "Tell the service.",
    }
    return NationalInformation.objects.create(country=country, **(basis | verified() | fields))
