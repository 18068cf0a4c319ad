"""The members of an organisation, each with what she has completed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .models import Membership, Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from .models import Organisation


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member and the newest current record of each course, by course."""

    membership: Membership
    records: tuple[Record, ...]


def member_lines(
    memberships: Iterable[Membership], *, organisation: Organisation, on: date
) -> list[MemberLine]:
    """Return a line for each membership; one query, however many they are."""
    memberships = list(memberships)
    found: dict[int | None, dict[str, Record]] = defaultdict(dict)
    records = (
        Record.objects.filter(
            # (By way of the members: of a big organisation, PostgreSQL read every record.)
            membership__organisation=organisation,
            membership__person__in=[membership.person_id for membership in memberships],
        )
        .current(on=on)
        .select_related("membership")
        .order_by("course_code", "completed_on", "pk")
    )
    for record in records:
        found[record.membership.person_id][record.course_code] = record
    return [
        MemberLine(membership, tuple(found[membership.person_id].values()))
        for membership in memberships
    ]
