"""Practise the restore: `manage.py drill_restore FOLDER`, made for cron."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tutela.upkeep.databases import DatabaseFileError
from tutela.upkeep.drilling import DrillError, drill
from tutela.upkeep.manifests import ManifestError
from tutela.upkeep.restoring import RestoreError, find_backup

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Restore the newest backup in FOLDER into a place of its own, check it, and remove it again. "
        "The running instance is not touched. Exit status 0: the backup is good; 1: it is not."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--scratch", type=Path, metavar="FOLDER", help="where there is room for it; else /tmp"
        )
        parser.add_argument(
            "--sample", type=int, default=20, metavar="N", help="look at so many certificates"
        )

    def handle(self, *, folder: Path, scratch: Path | None, sample: int, **options: Any) -> None:
        """Practise, and pass on what was said."""
        began = time.monotonic()
        try:
            self.stdout.write(drill(find_backup(folder), scratch=scratch, sample=sample).rstrip())
        except (
            RestoreError,
            ManifestError,
            DatabaseFileError,
            DatabaseError,
            DrillError,
            OSError,
        ) as error:
            raise CommandError(f"The drill failed: {error}") from error
        self.stdout.write(f"The drill passed, {time.monotonic() - began:.1f} s.")
