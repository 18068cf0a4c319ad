"""Exports of 100,000 records against the database's own copy of the same rows."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from organisations.api import Charter, found_organisation, join, root_of
from organisations.models import Organisation, Record

from .figures import table, verdict
from .scene import make_learner

if TYPE_CHECKING:
    from organisations.models import Membership

ROWS = 100_000
AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FIELDS = (
    "staff_number, person_name, unit_code, unit_name, course_code, course_title, release_number, "
    "language, how, completed_on, expires_on, certificate_code, reviewed"
)


def seed_records() -> None:
    """Write 100,000 records of one organisation."""
    organisation = found_organisation(Charter(slug="bench", name="Bench"), at=AT)
    unit = root_of(organisation)
    member = join(make_learner(9000), unit=unit, name="Bench Learner", at=AT)
    Record.objects.bulk_create(
        (_record(organisation, member, number) for number in range(ROWS)), batch_size=2000
    )


def _record(organisation: Organisation, member: Membership, number: int) -> Record:
    day = (AT - timedelta(days=number % 730)).date()
    return Record(
        organisation=organisation,
        membership=member,
        unit=member.unit,
        unit_code=f"U{number % 40}",
        unit_name=f"Unit {number % 40}",
        person_name=f"Person {number}",
        staff_number=f"S{number:06}",
        course_code="foundation",
        course_title="Foundation",
        release_number=1,
        language="en" if number % 3 else "fr",
        reviewed=False,
        completed_on=day,
        expires_on=day + timedelta(days=1095),
        certificate_code=f"{number:026}",
        recorded_at=AT,
    )


def measure_exports() -> str:
    """Return the table of exports; each is made in a process of its own, for its peak memory."""
    seed_records()
    connection.close()
    copy = min(_database_copy() for _ in range(3))
    gate = 1.5 if settings.POSTGRESQL else 3.0
    idle = _in_own_process("idle")["peak"]
    rows = [["the database's own copy", f"{copy:.2f}", "1.00", "", "", ""]]
    for kind, name in (("csv", "CSV"), ("xlsx", "XLSX")):
        figures = _in_own_process(kind)
        ratio = figures["wall"] / copy
        rows.append(
            [
                name,
                f"{figures['wall']:.2f}",
                f"{ratio:.2f}",
                f"{figures['first']:.2f}",
                f"{figures['peak'] - idle:.0f}",
                verdict(ratio, gate) if kind == "csv" else "",
            ]
        )
    head = [f"{ROWS:,} records", "s", "x copy", "first byte s", "memory MB", f"gate of {gate}"]
    return table(head, rows)


def _database_copy() -> float:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "copy.csv"
        query = f"select {FIELDS} from organisations_record order by completed_on, id"  # noqa: S608
        began = time.perf_counter()
        if settings.POSTGRESQL:
            copy = f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)"
            with (
                connection.cursor() as cursor,
                target.open("wb") as file,
                cursor.cursor.copy(copy) as rows,
            ):
                for chunk in rows:
                    file.write(chunk)
        else:
            database = str(settings.DATABASES["default"]["NAME"])
            with target.open("wb") as file:
                subprocess.run(  # noqa: S603
                    ["sqlite3", "-csv", "-header", database, query],  # noqa: S607
                    stdout=file,
                    check=True,
                )
        return time.perf_counter() - began


def _in_own_process(kind: str) -> dict[str, float]:
    """Run one export in a fresh process, best of three for time, and return its figures."""
    found = []
    for _ in range(3):
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "bench.export_once", kind],
            capture_output=True,
            text=True,
            check=True,
        )
        wall, first, peak = map(float, done.stdout.split())
        found.append({"wall": wall, "first": first, "peak": peak})
    return min(found, key=lambda figures: figures["wall"])
