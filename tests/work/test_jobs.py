"""Each slot of a periodic job runs once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.tasks import task
from django_tasks_db.models import DBTaskResult

from tutela.work import jobs, tasks
from tutela.work.models import Heartbeat, JobRun

NOON = datetime(2026, 5, 4, 12, 0, 30, tzinfo=UTC)


@task(backend="queue")
def nothing() -> None:
    """Do nothing."""


HOURLY = jobs.Job(name="hourly", every=jobs.HOUR, task=nothing)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the hourly job alone in the table."""
    monkeypatch.setattr(jobs, "_jobs", {})
    jobs.register(HOURLY)


@pytest.mark.parametrize(
    ("every", "slot"),
    [
        (1, datetime(2026, 5, 4, 12, tzinfo=UTC)),
        (5, datetime(2026, 5, 4, 12, tzinfo=UTC)),
        (jobs.DAY, datetime(2026, 5, 4, tzinfo=UTC)),
    ],
)
def test_slot_begins_the_period(every: int, slot: datetime) -> None:
    assert jobs.slot_of(jobs.Job("any", every, nothing), at=NOON) == slot


@pytest.mark.parametrize("every", [0, jobs.LONGEST + 1])
def test_period_out_of_range_is_refused(every: int) -> None:
    with pytest.raises(ValueError, match="must run every"):
        jobs.register(jobs.Job("any", every, nothing))


@pytest.mark.usefixtures("table")
def test_two_jobs_of_one_name_are_refused() -> None:
    jobs.register(HOURLY)
    with pytest.raises(ValueError, match="Two jobs"):
        jobs.register(jobs.Job("hourly", 5, nothing))


@pytest.mark.django_db
@pytest.mark.usefixtures("table")
def test_slot_is_taken_once() -> None:
    ticks = [jobs.tick(at=NOON), jobs.tick(at=NOON), jobs.tick(at=NOON + timedelta(hours=1))]
    assert ticks == [["hourly"], [], ["hourly"]]
    assert DBTaskResult.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("table")
def test_many_workers_run_a_slot_once() -> None:
    together = threading.Barrier(4)

    def worker() -> None:
        together.wait()
        jobs.tick(at=NOON)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (JobRun.objects.count(), DBTaskResult.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_upkeep_forgets_what_is_old() -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    JobRun.objects.create(job="hourly", slot=old, enqueued_at=old)
    Heartbeat.objects.create(worker="gone", beat_at=old)
    tasks.prune_work.call()
    assert (JobRun.objects.count(), Heartbeat.objects.count()) == (0, 0)


def test_upkeep_is_in_the_table() -> None:
    assert {"clear_sessions", "prune_work"} <= {job.name for job in jobs.registered()}
