"""The room of background work: the start command, the worker, the periodic jobs."""

from __future__ import annotations

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "tutela.work"
    label = "work"

    def ready(self) -> None:
        from . import jobs, tasks

        jobs.register(jobs.Job(name="clear_sessions", every=jobs.DAY, task=tasks.clear_sessions))
        jobs.register(jobs.Job(name="prune_work", every=jobs.DAY, task=tasks.prune_work))
