"""The room of background work: the start command, the worker, the periodic jobs."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    name = "tutela.work"
    label = "work"

    def ready(self) -> None:
        from . import jobs, readings, receivers, tasks, watching  # noqa: F401  (receivers connect)

        jobs.register(jobs.Job(name="clear_sessions", every=jobs.DAY, task=tasks.clear_sessions))
        jobs.register(jobs.Job(name="prune_work", every=jobs.DAY, task=tasks.prune_work))
        for name, label, read in (
            ("keys", _("Keys"), readings.read_keys),
            ("machine", _("This machine"), readings.read_machine),
            ("work", _("Background work"), readings.read_work),
        ):
            watching.register(watching.Watched(name, label, read))
