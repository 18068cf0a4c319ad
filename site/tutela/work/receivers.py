"""A line in the log for each task that ended, without its arguments."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from django.dispatch import receiver
from django.tasks import TaskResultStatus
from django.tasks.signals import task_finished

if TYPE_CHECKING:
    from django.tasks import TaskResult

logger = logging.getLogger("tutela.tasks")


@receiver(task_finished, dispatch_uid="work.tell_task")
def tell_task(task_result: TaskResult[Any, Any], **kwargs: Any) -> None:
    """Write how a task ended; of one that failed, where."""
    told = {"task": task_result.task.module_path}
    if task_result.status == TaskResultStatus.FAILED:
        logger.error("task failed", extra=told, exc_info=sys.exc_info())
    elif task_result.backend == "queue":  # Wagtail's small upkeep belongs to a request
        logger.info("task done", extra=told)
