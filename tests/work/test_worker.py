"""A worker takes tasks, ends when told to, and leaves nothing undone when it dies."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.work.processes import running, wait_until
from tests.work.slow import slow_once
from tutela.work.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


def is_done(task_id: str) -> bool:
    return DBTaskResult.objects.filter(pk=task_id, status=TaskResultStatus.SUCCESSFUL).exists()


def test_task_of_a_killed_worker_is_done_by_another(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    task = slow_once.enqueue(str(diary))
    with running("worker", "--name=first", TASK_LEASE_SECONDS="3") as first:
        assert wait_until(diary.exists)
        first.send_signal(signal.SIGKILL)
    with running("worker", "--name=second", "--interval=0.2", TASK_LEASE_SECONDS="3") as second:
        assert wait_until(lambda: is_done(task.id))
        second.terminate()
        assert second.wait(timeout=10) == 0
    stored = DBTaskResult.objects.get(pk=task.id)
    assert (stored.return_value, stored.worker_ids) == (2, ["first", "second"])
    assert not Heartbeat.objects.filter(worker="second").exists()


def test_replacement_does_not_wait_for_the_lease(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    task = slow_once.enqueue(str(diary))
    with running("worker", "--name=first", TASK_LEASE_SECONDS="600") as first:
        assert wait_until(diary.exists)
        first.send_signal(signal.SIGKILL)
    with running("worker", "--name=second", "--replaces=first", TASK_LEASE_SECONDS="600"):
        assert wait_until(lambda: is_done(task.id))


def test_batch_ends_with_the_queue(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    diary.write_text("begun\n", encoding="ascii")
    task = slow_once.enqueue(str(diary))
    with running("worker", "--batch") as worker:
        assert worker.wait(timeout=30) == 0
    assert is_done(task.id)
