"""Organisations, their units, and who may look into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from tutela.accounts.models import log_event

from .models import Appointment, Organisation, Unit

if TYPE_CHECKING:
    from datetime import datetime

    from tutela.accounts.models import User


class ForeignUnitError(ValueError):
    """The unit belongs to another organisation."""


class UnitBelowItselfError(ValueError):
    """A unit cannot stand below itself."""


@dataclass(frozen=True, slots=True)
class Charter:
    """What an organisation is founded with; `contact` is whom members may ask."""

    slug: str
    name: str
    language: str = "en"
    time_zone: str = "UTC"
    retention_months: int = 12
    contact: str = ""


def found_organisation(charter: Charter, *, at: datetime, by: User | None = None) -> Organisation:
    """Return a new organisation, with the unit that stands for the whole of it."""
    with transaction.atomic():
        organisation = Organisation.objects.create(
            slug=charter.slug,
            name=charter.name,
            language=charter.language,
            time_zone=charter.time_zone,
            retention_months=charter.retention_months,
            contact=charter.contact,
            created_at=at,
        )
        Unit.add_root(organisation=organisation, code=charter.slug[:40], name=charter.name)
        log_event(
            "organisation.founded", subject=f"organisation {organisation.pk}", at=at, actor=by
        )
    return organisation


def root_of(organisation: Organisation) -> Unit:
    """Return the unit that stands for the whole organisation."""
    unit: Unit = Unit.objects.get(organisation=organisation, depth=1)
    return unit


def add_unit(parent: Unit, *, code: str, name: str) -> Unit:
    """Return a new unit below another one."""
    with transaction.atomic():
        # The tree counts its children itself, so it must not work from an old copy.
        fresh = Unit.objects.get(pk=parent.pk)
        unit: Unit = fresh.add_child(organisation=fresh.organisation, code=code, name=name)
    return unit


def move_unit(unit: Unit, *, below: Unit) -> None:
    """Move a unit, with all that stands below it, within its organisation.

    Raises `ForeignUnitError` or `UnitBelowItselfError`. Who may see it follows from the tree.
    """
    with transaction.atomic():
        moved, target = Unit.objects.get(pk=unit.pk), Unit.objects.get(pk=below.pk)
        if moved.organisation_id != target.organisation_id or moved.is_root():
            raise ForeignUnitError
        if target.path.startswith(moved.path):
            raise UnitBelowItselfError
        if not moved.is_child_of(target):
            moved.move(target, "last-child")


def appoint(
    person: User, *, unit: Unit, role: str, at: datetime, by: User | None = None
) -> Appointment:
    """Return a new appointment: the person may look into the unit and all below it."""
    with transaction.atomic():
        appointment = Appointment.objects.create(
            person=person, organisation=unit.organisation, unit=unit, role=role, since=at
        )
        _log_appointment("appointment.made", appointment, at=at, by=by)
    return appointment


def end_appointment(appointment: Appointment, *, at: datetime, by: User | None = None) -> None:
    """End an appointment; one that has ended stays as it is."""
    with transaction.atomic():
        ended = Appointment.objects.filter(pk=appointment.pk, until__isnull=True).update(until=at)
        if ended:
            _log_appointment("appointment.ended", appointment, at=at, by=by)


def _log_appointment(kind: str, appointment: Appointment, *, at: datetime, by: User | None) -> None:
    log_event(
        kind,
        subject=f"appointment {appointment.pk}",
        at=at,
        actor=by,
        organisation=appointment.organisation_id,
        unit=appointment.unit_id,
        role=appointment.role,
    )
