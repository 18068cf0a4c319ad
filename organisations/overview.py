"""How far an organisation has come: counts for each course and unit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import Count, Max, Q

from .models import Membership, Record, Unit, below, holding, indent
from .rounding import rounded

if TYPE_CHECKING:
    from datetime import datetime

    from .permissions import Sight

type Tally = Counter[tuple[str, str]]  # (unit's path, course's code; "" counts the people)

SLOW = 0.5  # seconds; only an organisation of tens of thousands takes so long
SECONDS_KEPT = 600


@dataclass(frozen=True, slots=True)
class CourseLine:
    """How many of all people hold a current completion of a course."""

    code: str
    title: str
    done: int
    people: int


@dataclass(frozen=True, slots=True)
class UnitLine:
    """The same for one unit and all below it; `done` follows the order of the courses."""

    name: str
    indent: str
    people: int
    done: tuple[int, ...]
    is_rounded: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """What a dashboard shows, as it was at an instant."""

    counted_at: datetime
    people: int
    is_rounded: bool
    courses: tuple[CourseLine, ...]
    units: tuple[UnitLine, ...]


def overview(sight: Sight, *, at: datetime) -> Overview:
    """Return the counts of active members and of their current completions.

    Where the people may only be counted, every number is rounded by itself, totals too.
    """
    units = list(sight.units())
    counted_at, titles, own = _kept_tally(sight, at=at)
    rolled, seen = _roll_up(own, {unit.path for unit in units})
    total = rounded if sight.rounds_totals else int
    people = total(seen["", ""])
    shown = [code for code in titles if total(seen["", code]) or _is_seen(code, sight, rolled)]
    return Overview(
        counted_at=counted_at,
        people=people,
        is_rounded=sight.rounds_totals,
        courses=tuple(
            CourseLine(code, titles[code], min(total(seen["", code]), people), people)
            for code in shown
        ),
        units=tuple(_line(unit, sight, rolled, shown) for unit in units),
    )


def _kept_tally(sight: Sight, *, at: datetime) -> tuple[datetime, dict[str, str], Tally]:
    """Return the tally and when it was counted: a slow one is kept for some minutes."""
    key = f"overview:{sight.organisation.pk}:{','.join(sight.people)}:{','.join(sight.counts)}"
    kept: tuple[datetime, dict[str, str], Tally] | None = cache.get(key)
    if kept:
        return kept
    began = perf_counter()
    counted = (at, *_tally(sight, at=at))
    if perf_counter() - began >= SLOW:
        cache.set(key, counted, SECONDS_KEPT)
    return counted


def _tally(sight: Sight, *, at: datetime) -> tuple[dict[str, str], Tally]:
    """Return the courses' titles, and the counts of each unit itself, in two queries."""
    own: Tally = Counter()
    members = Membership.objects.filter(_seen(sight, at=at))
    for path, count in members.values_list("unit__path").annotate(people=Count("pk")):
        own[path, ""] = count
    # One filter, so that it speaks of one and the same membership: the one she has today. (As a
    # subquery, SQLite walked through all members for each record.)
    today = "membership__person__memberships__"
    lines = (
        Record.objects.filter(_seen(sight, at=at, through=today), organisation=sight.organisation)
        .current(on=sight.organisation.day(at))
        .values_list("course_code", f"{today}unit__path")
        .annotate(
            title=Max("course_title"), done=Count("membership__person__memberships", distinct=True)
        )
        .order_by("course_code")
    )
    titles: dict[str, str] = {}
    for code, path, title, done in lines:
        titles[code] = title
        own[path, code] = done
    return titles, own


def _seen(sight: Sight, *, at: datetime, through: str = "") -> Q:
    """Return the condition that a membership holds in a unit that is seen or counted."""
    paths = [*sight.people, *sight.counts]
    theirs = Q(**{f"{through}organisation": sight.organisation})
    return theirs & holding(at, through=through) & below(paths, field=f"{through}unit__path")


def _roll_up(own: Tally, seen: set[str]) -> tuple[Tally, Tally]:
    """Return the counts with all units below, and under the path "" the sum of all that is seen."""
    rolled: Tally = Counter()
    whole: Tally = Counter()
    for (path, course), count in own.items():
        whole["", course] += count
        for end in range(Unit.steplen, len(path) + 1, Unit.steplen):
            if path[:end] in seen:
                rolled[path[:end], course] += count
    return rolled, whole


def _is_seen(course: str, sight: Sight, rolled: Tally) -> bool:
    """Return whether anybody who is seen completed the course: else not even its name is shown."""
    return any(rolled[path, course] for path in sight.people)


def _line(unit: Unit, sight: Sight, rolled: Tally, courses: list[str]) -> UnitLine:
    exact = sight.sees_people_of(unit.path)
    show = int if exact else rounded
    return UnitLine(
        name=unit.name,
        indent=indent(unit),
        people=show(rolled[unit.path, ""]),
        done=tuple(show(rolled[unit.path, course]) for course in courses),
        is_rounded=not exact,
    )
