"""The room of upkeep: what an operator sees of the whole instance and does to it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UpkeepConfig(AppConfig):
    name = "tutela.upkeep"
    label = "upkeep"

    def ready(self) -> None:
        from tutela.work.watching import Watched, register

        from .backing_up import age_of_last_backup
        from .readings import backup_reading

        register(
            Watched("backup", _("Backups"), lambda at: [backup_reading(age_of_last_backup(at=at))])
        )
