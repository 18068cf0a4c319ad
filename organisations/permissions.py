"""Who may look into an organisation, and how far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from .models import Appointment, Organisation, Role, Unit, Visitor, below

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person sees of one organisation: people in some units, rounded counts in others."""

    organisation: Organisation
    people: tuple[str, ...]
    counts: tuple[str, ...]

    @property
    def sees_people(self) -> bool:
        """Whether there is any unit whose people are seen."""
        return bool(self.people)

    @property
    def rounds_totals(self) -> bool:
        """Whether a sum over all that is seen holds people who are only counted."""
        return not all(self.sees_people_of(path) for path in self.counts)

    def sees_people_of(self, path: str) -> bool:
        """Return whether the people of this unit are seen, and not only counted."""
        return path.startswith(self.people) if self.people else False

    def units(self) -> QuerySet[Unit]:
        """Return every unit that is seen or counted, in the order of the tree."""
        return _units(self.organisation, [*self.people, *self.counts])

    def units_with_people(self) -> QuerySet[Unit]:
        """Return the units whose people are seen, in the order of the tree."""
        return _units(self.organisation, self.people)


def sight_of(person: Visitor, organisation: Organisation, *, at: datetime) -> Sight:
    """Return what a person sees of an organisation at this instant: without appointment, nothing."""
    paths: dict[str, list[str]] = {Role.MANAGER: [], Role.AUDITOR: []}
    if person.is_authenticated:
        mine = Appointment.objects.open(at=at).filter(person=person, organisation=organisation)
        for role, path in mine.values_list("role", "unit__path"):
            paths[role].append(path)
    return Sight(organisation, tuple(paths[Role.MANAGER]), tuple(paths[Role.AUDITOR]))


def may_see_counts(sight: Sight) -> bool:
    """Return whether there is anything to see at all."""
    return bool(sight.people or sight.counts)


def may_see_people(sight: Sight) -> bool:
    """Return whether there are people to see: managers only."""
    return sight.sees_people


def looks_into_an_organisation() -> Exists:
    """Return the condition, on a person's row, that she has an open appointment.

    The database's clock decides: the condition is part of the query that loads who is asking.
    """
    still = Q(until__isnull=True) | Q(until__gt=Now())
    return Exists(Appointment.objects.filter(still, person=OuterRef("pk"), since__lte=Now()))


def _units(organisation: Organisation, paths: Iterable[str]) -> QuerySet[Unit]:
    units: QuerySet[Unit] = Unit.objects.filter(below(list(paths)), organisation=organisation)
    return units.order_by("path")
