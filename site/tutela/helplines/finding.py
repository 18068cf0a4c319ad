"""What is shown of a country on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from .countries import reach
from .models import Helpline, Kind, NationalInformation, State

# What the foot of every page has room for, where a visitor keeps her country on her device.
KEPT = (
    Kind.EMERGENCY,
    Kind.CHILD_HELPLINE,
    Kind.MISSING_CHILDREN,
    Kind.ADULT_SUPPORT,
    Kind.ILLEGAL_CONTENT,
)
ORDER = list(Kind)


@dataclass(frozen=True, slots=True)
class Help:
    """Whom to call in a country, and what it asks of whoever learns of a child at risk."""

    country: str
    kinds: list[tuple[Kind, list[Helpline]]]
    information: NationalInformation | None
    outdated: NationalInformation | None

    @property
    def emergency_number(self) -> str:
        """The country's own emergency number where one is verified."""
        if self.information and self.information.emergency_number:
            return self.information.emergency_number
        return next((one.number for one in self._own(Kind.EMERGENCY) if one.number), "")

    def _own(self, kind: Kind) -> list[Helpline]:
        found = dict(self.kinds).get(kind, [])
        return [helpline for helpline in found if helpline.country == self.country]

    def kept(self) -> dict[str, Any]:
        """Return what a device keeps of the country: one line a kind, each with its last day."""
        told = self.information
        lines = [_line(Kind.EMERGENCY, told.emergency_number, "", told.review_due)] if told else []
        lines += [
            _line(kind, first.number, first.url, first.review_due)
            for kind in KEPT
            for first in self._own(kind)[:1]
            if not (told and kind == Kind.EMERGENCY)
        ]
        return {"country": self.country, "lines": lines}


def _line(kind: Kind, number: str, url: str, due: date | None) -> dict[str, str]:
    return {"kind": kind.value, "number": number, "url": url, "due": f"{due}"}


def help_in(country: str, *, language: str, on: date) -> Help:
    """Return what is shown of a country: its own helplines first, then Europe's and the world's."""
    near = reach(country)
    found = Helpline.objects.shown(on=on).filter(country__in=near)
    ranked = sorted(
        found, key=lambda one: (ORDER.index(Kind(one.kind)), near.index(one.country), one.name)
    )
    kinds = [(Kind(kind), list(group)) for kind, group in groupby(ranked, key=attrgetter("kind"))]
    information, outdated = _information(country, language=language, on=on)
    return Help(country=country, kinds=kinds, information=information, outdated=outdated)


def _information(
    country: str, *, language: str, on: date
) -> tuple[NationalInformation | None, NationalInformation | None]:
    """Return what holds on the day, in the reader's language if it can be; else what expired."""
    found = sorted(
        NationalInformation.objects.verified().filter(country=country),
        key=lambda one: (one.language == language, one.review_due),
        reverse=True,
    )
    held = next((one for one in found if one.state(on=on) == State.VERIFIED), None)
    expired = next((one for one in found if one.state(on=on) == State.EXPIRED), None)
    return held, None if held else expired
