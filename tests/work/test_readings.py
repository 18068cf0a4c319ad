"""What the queue, the machine and the keys say about themselves."""

from __future__ import annotations

import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.tasks import TaskResultStatus
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from tutela.work import jobs, readings
from tutela.work.models import Heartbeat, JobRun
from tutela.work.tasks import clear_sessions
from tutela.work.watching import Reading

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def work() -> dict[str, Reading]:
    return {reading.code: reading for reading in readings.read_work(NOW)}


def test_an_empty_queue_without_a_worker() -> None:
    found = {code: (reading.state, reading.value) for code, reading in work().items()}

    assert found == {
        "queue_tasks": ("well", 0),
        "queue_oldest_seconds": ("well", 0),
        "tasks_failed": ("well", 0),
        "workers_alive": ("ill", 0),
        "jobs_late": ("look", len(jobs.registered())),
    }


@pytest.mark.parametrize(("minutes", "state"), [(1, "well"), (6, "look"), (40, "ill")])
def test_a_task_that_waits_too_long(minutes: int, state: str) -> None:
    task = clear_sessions.enqueue()
    DBTaskResult.objects.filter(pk=task.id).update(enqueued_at=NOW - timedelta(minutes=minutes))

    found = work()

    assert (found["queue_tasks"].value, found["queue_oldest_seconds"].state) == (1, state)
    assert found["queue_oldest_seconds"].note == f"The oldest of them has waited for {minutes} min."


@pytest.mark.parametrize(("hours", "failed"), [(1, 1), (30, 0)])
def test_a_task_that_failed_is_told_for_a_day(hours: int, failed: int) -> None:
    task = clear_sessions.enqueue()
    DBTaskResult.objects.filter(pk=task.id).update(
        status=TaskResultStatus.FAILED, finished_at=NOW - timedelta(hours=hours)
    )

    assert work()["tasks_failed"].value == failed


@pytest.mark.parametrize(("seconds", "alive"), [(10, 1), (600, 0)])
def test_a_worker_is_alive_while_its_lease_runs(seconds: int, alive: int) -> None:
    Heartbeat.objects.create(worker="one", beat_at=NOW - timedelta(seconds=seconds))

    assert work()["workers_alive"].value == alive


def test_a_job_whose_slot_nobody_took_is_named() -> None:
    jobs.tick(at=NOW - readings.TICK)
    assert work()["jobs_late"].note == "Every periodic job was asked for in time."

    JobRun.objects.filter(job="clear_sessions").delete()

    late = work()["jobs_late"]
    assert (late.value, late.state) == (1, "look")
    assert late.note == "These periodic jobs were not asked for in time: clear_sessions."


@pytest.mark.parametrize(("free", "state"), [(50, "well"), (9, "look"), (1.5, "ill"), (0.2, "ill")])
def test_a_disk_that_fills(monkeypatch: pytest.MonkeyPatch, free: float, state: str) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024  (as shutil's own)
    disk = usage(100 * readings.GIGABYTE, 0, int(free * readings.GIGABYTE))
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: disk)

    found = {reading.code: reading for reading in readings.read_machine(NOW)}

    assert found["disk_free_bytes"].state == state


def test_the_database_and_the_media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    found = {reading.code: reading for reading in readings.read_machine(NOW)}

    assert found["database_bytes"].value > 100_000
    assert (found["media_writable"].state, found["media_writable"].value) == ("well", 1)


def test_a_cache_server_that_is_away(settings: Settings) -> None:
    settings.CACHES = {
        "default": settings.CACHES["default"],
        "pages": {"BACKEND": "tutela.kit.valkey.ValkeyCache", "LOCATION": "redis://127.0.0.1:1/0"},
    }
    found = {reading.code: reading for reading in readings.read_machine(NOW)}

    assert (found["cache_reached"].state, found["cache_reached"].value) == ("ill", 0)


@pytest.mark.parametrize(("former", "state"), [([], "well"), (["old"], "look")])
def test_a_former_key_is_told_of(settings: Settings, former: list[str], state: str) -> None:
    settings.SECRET_KEY_FALLBACKS = former

    (reading,) = readings.read_keys(NOW)

    assert (reading.code, reading.value, reading.state) == ("keys_former", len(former), state)


def queries() -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def test_reading_takes_as_many_queries_however_much_waits() -> None:
    before = queries()
    for _ in range(5):
        clear_sessions.enqueue()

    assert queries() == before
