"""Periodic work: every slot of a job runs once, however many workers tick."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from .models import JobRun

if TYPE_CHECKING:
    from django.tasks import Task

HOUR = 60
DAY = 24 * HOUR
# Runs are kept longer than the longest period, or a slot would run twice.
LONGEST = 28 * DAY
RUNS_KEPT = timedelta(days=60)


@dataclass(frozen=True)
class Job:
    """A task without arguments that is enqueued every so many minutes, counted from midnight UTC."""

    name: str
    every: int
    task: Task[[], Any]


_jobs: dict[str, Job] = {}


def register(job: Job) -> None:
    """Add a job to the table; rooms do so in `apps.ready()`."""
    if not 1 <= job.every <= LONGEST:
        raise ValueError(f"{job.name} must run every 1 to {LONGEST} minutes, not {job.every}.")
    if _jobs.setdefault(job.name, job) != job:
        raise ValueError(f"Two jobs are called {job.name}.")


def registered() -> list[Job]:
    """Return all jobs."""
    return list(_jobs.values())


def slot_of(job: Job, *, at: datetime) -> datetime:
    """Return the beginning of the job's period that holds this instant."""
    minutes = int(at.timestamp()) // 60
    return datetime.fromtimestamp((minutes - minutes % job.every) * 60, tz=UTC)


def tick(*, at: datetime) -> list[str]:
    """Enqueue every job whose present slot nobody has taken, and return their names."""
    return [job.name for job in _jobs.values() if _enqueue(job, at=at)]


def _enqueue(job: Job, *, at: datetime) -> bool:
    # The slot and the task are in one database: both are there, or neither.
    with transaction.atomic():
        _, taken = JobRun.objects.get_or_create(
            job=job.name, slot=slot_of(job, at=at), defaults={"enqueued_at": at}
        )
        if taken:
            job.task.enqueue()
    return taken
