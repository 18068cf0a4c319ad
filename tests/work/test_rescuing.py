"""Tasks of dead workers go back; living workers keep theirs; killers are given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.work.slow import slow_once
from tutela.work import rescuing

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LEASE = timedelta(seconds=120)


def claimed(*workers: str) -> DBTaskResult[Any, Any]:
    task = DBTaskResult.objects.get(pk=slow_once.enqueue("unused").id)
    for worker in workers:
        task.claim(worker)
    return task


@pytest.mark.parametrize(
    ("deaths", "status"),
    [
        (1, TaskResultStatus.READY),
        (3, TaskResultStatus.READY),
        (4, TaskResultStatus.FAILED),
    ],
)
def test_task_is_rescued_three_times(deaths: int, status: TaskResultStatus) -> None:
    task = claimed(*(f"dead-{number}" for number in range(deaths)))
    rescuing.rescue(at=NOW)
    task.refresh_from_db()
    assert task.status == status


def test_given_up_task_says_why() -> None:
    task = claimed("a", "b", "c", "d")
    assert rescuing.rescue(at=NOW) == 0
    task.refresh_from_db()
    assert task.exception_class_path == "tutela.work.rescuing.WorkerLostError"


@pytest.mark.parametrize(
    ("beaten", "rescued"), [(NOW - LEASE, 0), (NOW - LEASE - timedelta(seconds=1), 1)]
)
def test_lease_runs_out_after_the_last_beat(beaten: datetime, rescued: int) -> None:
    claimed("worker")
    rescuing.beat("worker", at=beaten)
    assert rescuing.rescue(at=NOW) == rescued


def test_buried_worker_loses_its_task_at_once() -> None:
    claimed("worker")
    rescuing.beat("worker", at=NOW)
    rescuing.bury("worker")
    assert rescuing.rescue(at=NOW) == 1


def test_waiting_and_finished_tasks_are_left_alone() -> None:
    claimed()
    claimed("dead").set_successful(1)
    assert rescuing.rescue(at=NOW) == 0
