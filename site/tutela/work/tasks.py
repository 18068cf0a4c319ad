"""The upkeep of sessions and of the queue itself."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.tasks import task
from django.utils import timezone

from .jobs import RUNS_KEPT
from .models import Heartbeat, JobRun


@task(backend="queue")
def clear_sessions() -> None:
    """Delete the sessions that have expired."""
    call_command("clearsessions")


@task(backend="queue")
def prune_work() -> None:
    """Delete results, slots and signs of life that nobody will ask for again."""
    now = timezone.now()
    call_command(
        "prune_db_task_results",
        "--backend=queue",
        "--queue-name=*",
        "--min-age-days=7",
        "--failed-min-age-days=30",
        verbosity=0,
    )
    JobRun.objects.filter(slot__lt=now - RUNS_KEPT).delete()
    Heartbeat.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()
