"""What each page and job costs with 1,000, 40,000 and a million people, as ratios to the fewest."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certificates.models import Certificate
from courses.outline import LESSON
from organisations.api import appoint, root_of
from organisations.models import Organisation, Record, Role
from quizzes.models import Attempt
from tutela.accounts.models import User
from tutela.work import jobs

from .figures import table
from .scene import QuizTaker, client_of, first_of, foundation, make_learner
from .seeding import big_organisation, grow

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

ROUNDS, FEWEST = 7, 3
LONG = 2.0  # seconds; what takes longer is done only a few times
TOLERATED = 1.2
SLOW_MS = 1.0  # a statement below it is never the reason
EXPORTED = 100_000


@dataclass(slots=True)
class Cost:
    """The least busy milliseconds of some rounds, program and database, and the last statements."""

    busy: float
    statements: list[tuple[str, float]] = field(default_factory=list)


def measure_growth(sizes: list[int], *, sample: User) -> str:
    """Return the tables of all sizes; the database grows from one to the next."""
    pages: dict[str, list[Cost]] = defaultdict(list)
    nights: dict[str, list[float]] = defaultdict(list)
    seeded = []
    for size in sizes:
        began = time.perf_counter()
        grow(size, sample=sample)
        _settle()
        seeded.append(time.perf_counter() - began)
        cache.clear()
        for name, work in _pages(sample).items():
            pages[name].append(_cost(work))
        for name, seconds in _night().items():
            nights[name].append(seconds)
    heads = [f"{size:,}" for size in sizes]
    rows = [_row(name, costs) for name, costs in pages.items()]
    head = ["page", "queries", *(f"ms, {size}" for size in heads), *(f"x, {s}" for s in heads[1:])]
    jobs_head = ["at night, s", *heads]
    job_rows = [[name, *(f"{s:.2f}" for s in found)] for name, found in nights.items()]
    filled = ["seeding", *(f"{s:.1f}" for s in seeded)]
    plans = _plans(pages)
    return "\n\n".join(
        [table(head, rows), table(jobs_head, [filled, *job_rows]), f"{_database_size()}", *plans]
    )


def _settle() -> None:
    """Tidy up after so many new rows, as PostgreSQL does by itself in time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")


def _row(name: str, costs: list[Cost]) -> list[str]:
    first = costs[0].busy
    return [
        name,
        " ".join(dict.fromkeys(str(len(cost.statements)) for cost in costs)),
        *(f"{cost.busy:.1f}" for cost in costs),
        *(f"{cost.busy / first:.2f}" for cost in costs[1:]),
    ]


def _cost(work: Callable[[], object]) -> Cost:
    work()
    began, found = time.perf_counter(), []
    while len(found) < ROUNDS:
        before = _busy_seconds()
        work()
        found.append(_busy_seconds() - before)
        if len(found) >= FEWEST and time.perf_counter() - began > LONG:
            break
    with CaptureQueriesContext(connection) as queries:
        work()
    statements = [(row["sql"], float(row["time"]) * 1000) for row in queries.captured_queries]
    return Cost(min(found) * 1000, statements)


def _busy_seconds() -> float:
    """Return the time on a processor of this program and of its PostgreSQL, whoever else is busy."""
    busy = time.process_time()
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        pid = connection.connection.info.backend_pid
        spent = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]
        busy += int(spent) / 1e9
    return busy


def _pages(sample: User) -> dict[str, Callable[[], object]]:
    """Return what is measured, by name, for people who are there at this size."""
    visitor, learner, manager, small, operator = (
        client_of(None),
        client_of(_newcomer()),
        client_of(_manager(big_organisation())),
        client_of(_manager(Organisation.objects.get(slug="small-0"))),
        client_of(_operator()),
    )
    lesson = foundation().entry(first_of(LESSON)).url
    code = Certificate.objects.filter(person=sample).latest("pk").code
    taker = QuizTaker(learner)
    taker.take()
    attempt = Attempt.objects.latest("pk").pk
    big, little = "/en/organisations/big", "/en/organisations/small-0"
    records = Record.objects.filter(organisation=big_organisation()).count()
    last = records // 50
    share = min(1.0, EXPORTED / records)
    since = (timezone.now() - timedelta(days=int(1096 * share))).date()
    urls = [
        ("lesson, anonymous", visitor, lesson),
        ("home", learner, "/en/"),
        ("course", learner, foundation().url),
        ("lesson", learner, lesson),
        ("my learning", learner, "/en/learning/"),
        ("result of a quiz", learner, f"/en/learning/attempts/{attempt}/result/"),
        ("my certificates", client_of(sample), "/en/learning/certificates/"),
        ("verification", visitor, f"/verify/{code}/"),
        ("my organisations", small, "/en/organisations/"),
        ("dashboard of 100", small, f"{little}/"),
        ("people of 100", small, f"{little}/people/"),
        ("records of 100", small, f"{little}/records/"),
        ("dashboard, kept", manager, f"{big}/"),
        ("people", manager, f"{big}/people/"),
        ("people, not yet completed", manager, f"{big}/people/?state=open&course=foundation"),
        ("people, last page", manager, f"{big}/people/?page=last"),
        ("records", manager, f"{big}/records/"),
        ("records, by name", manager, f"{big}/records/?sort=name"),
        ("records, one course", manager, f"{big}/records/?course=policing"),
        ("records, one unit", manager, f"{big}/records/?unit=big-7"),
        ("records, last page", manager, f"{big}/records/?page={last}"),
        ("events", operator, "/cms/reports/events/"),
        ("people in the CMS", operator, "/cms/users/"),
        ("people in the CMS, searched", operator, "/cms/users/?q=learner-777@bench.example"),
        ("status page", operator, "/cms/status/"),
    ]
    works: dict[str, Callable[[], object]] = {
        name: _getting(client, url) for name, client, url in urls
    }
    works["quiz of 10"] = taker.take
    works["dashboard, counted anew"] = _after_forgetting(manager, f"{big}/")
    works[f"export, {EXPORTED:,} records at most"] = _getting(
        manager, f"{big}/records/export.csv?from={since}", streams=True
    )
    return works


def _getting(client: Client, url: str, *, streams: bool = False) -> Callable[[], object]:
    def get() -> None:
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)
        if streams:
            for _chunk in response.streaming_content:  # (Closed, it would leave its connection.)
                pass

    return get


def _after_forgetting(client: Client, url: str) -> Callable[[], object]:
    get = _getting(client, url)

    def forget_and_get() -> None:
        cache.clear()
        get()

    return forget_and_get


def _newcomer() -> User:
    return make_learner(20_000 + User.objects.filter(email__startswith="bench-2").count())


def _manager(organisation: Organisation) -> User:
    person, _ = User.objects.get_or_create(email=f"manager@{organisation.slug}.example")
    if not person.appointments.exists():
        appoint(person, unit=root_of(organisation), role=Role.MANAGER, at=timezone.now())
    return person


def _operator() -> User:
    person, _ = User.objects.get_or_create(
        email="operator@example.org", is_staff=True, is_superuser=True
    )
    return person


def _night() -> dict[str, float]:
    """Return the seconds of each periodic job."""
    taken = {}
    for job in jobs.registered():
        began = time.perf_counter()
        job.task.func()
        taken[job.name] = time.perf_counter() - began
    return taken


def _database_size() -> str:
    from tutela.work.readings import database_bytes

    return f"The database takes {database_bytes() / 1e9:.2f} GB."


def _plans(pages: dict[str, list[Cost]]) -> list[str]:
    """Return the plans of the statements that grew, of pages that became slower."""
    found: dict[str, str] = {}
    for name, costs in pages.items():
        if costs[-1].busy <= costs[0].busy * TOLERATED:
            continue
        before = {_shape(sql): ms for sql, ms in costs[0].statements}
        for sql, ms in costs[-1].statements:
            if ms > SLOW_MS and ms > TOLERATED * before.get(_shape(sql), 0.0):
                found.setdefault(_shape(sql), f"{name}, {ms:.1f} ms:\n\n{_plan(sql)}")
    return list(found.values())


def _shape(sql: str) -> str:
    return re.sub(r"'[^']*'|\d+", "?", sql)


def _plan(sql: str) -> str:
    if not sql.startswith("SELECT"):
        return f"    {sql[:300]}"
    explain = (
        "EXPLAIN (ANALYZE, COSTS OFF)"
        if connection.vendor == "postgresql"
        else "EXPLAIN QUERY PLAN"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql.replace('%', '%%')}", [])
        rows = cursor.fetchall()
    return f"    {sql[:1500]}\n\n" + "\n".join(f"    {row[-1]}" for row in rows)
