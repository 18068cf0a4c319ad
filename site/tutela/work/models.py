"""Which periodic work was asked for, and which workers are alive."""

from __future__ import annotations

from django.db import models


class JobRun(models.Model):
    """One slot of one periodic job, taken by the first worker that inserts it."""

    job = models.CharField(max_length=60)
    slot = models.DateTimeField()
    enqueued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="job_slot_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M}"


class Heartbeat(models.Model):
    """The last sign of life of a worker; a worker that ended in order leaves none."""

    worker = models.CharField(max_length=64, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
