"""Tasks whose worker died go back to the queue; a task that kills its workers is given up.

Tasks are therefore written so that running one twice does no harm.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .models import Heartbeat

logger = logging.getLogger(__name__)

RESCUES = 3


class WorkerLostError(RuntimeError):
    """Every worker that took this task died in the middle of it."""


def beat(worker: str, *, at: datetime) -> None:
    """Write down that this worker lives."""
    Heartbeat.objects.update_or_create(worker=worker, defaults={"beat_at": at})


def bury(worker: str) -> None:
    """Forget a worker that has ended, so that its tasks need not wait for the lease to run out."""
    Heartbeat.objects.filter(worker=worker).delete()


def rescue(*, at: datetime) -> int:
    """Put the tasks of dead workers back and return how many; the clocks of all machines agree."""
    alive_since = at - timedelta(seconds=settings.TASK_LEASE_SECONDS)
    # Read before the heartbeats: a task that is claimed later belongs to a worker that lives.
    running = list(DBTaskResult.objects.running().only("id", "worker_ids", "task_path"))
    alive = set(Heartbeat.objects.filter(beat_at__gte=alive_since).values_list("worker", flat=True))
    return sum(_put_back(task) for task in running if task.worker_ids[-1] not in alive)


def _put_back(seen: DBTaskResult[Any, Any]) -> bool:
    with transaction.atomic():
        running = DBTaskResult.objects.running().select_for_update(skip_locked=True)
        task = running.filter(pk=seen.pk).first()
        if task is None or task.worker_ids != seen.worker_ids:
            return False  # it ended, or another worker put it back, in the meantime
        if len(task.worker_ids) > RESCUES:
            task.set_failed(WorkerLostError(f"{len(task.worker_ids)} workers died in this task."))
            logger.error("Task %s was given up: %s", task.task_path, task.pk)
            return False
        task.status = TaskResultStatus.READY
        task.save(update_fields=["status"])
    logger.warning("Task %s goes back to the queue: its worker died.", task.task_path)
    return True
