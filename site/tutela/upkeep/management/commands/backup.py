"""Write a backup of the running instance: `manage.py backup FOLDER`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from tutela.upkeep.backing_up import BackupError, keep_last, take_backup
from tutela.upkeep.databases import DatabaseFileError
from tutela.upkeep.keys import PassphraseMissingError
from tutela.upkeep.manifests import ManifestError
from tutela.upkeep.sealing import SealError

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Back up database and media into a new folder below FOLDER, while people write. "
        "Exit status 0: a whole backup is there; 1: there is none, and why."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--keys",
            type=Path,
            metavar="FOLDER",
            help="write the instance's keys into this other folder, sealed by BACKUP_PASSPHRASE",
        )
        parser.add_argument(
            "--keep", type=int, default=0, metavar="N", help="then remove all but the newest N"
        )

    def handle(self, *, folder: Path, keep: int, **options: Any) -> None:
        """Back up, then say what was written and how long it took."""
        began = time.monotonic()
        try:
            backup = take_backup(folder, at=timezone.now(), keys_folder=options["keys"])
        except (
            BackupError,
            DatabaseFileError,
            DatabaseError,
            ManifestError,
            PassphraseMissingError,
            SealError,
        ) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The backup cannot be written: {error}.") from error
        manifest = backup.manifest
        self.stdout.write(
            f"{backup.folder}: {sum(manifest.rows.values())} rows, {len(manifest.media)} media files, "
            f"{manifest.size / 1e6:.1f} MB, {time.monotonic() - began:.1f} s"
        )
        if backup.keys:
            self.stdout.write(f"{backup.keys}: the keys, sealed")
        else:
            self.stderr.write("The keys are not in it: back them up with --keys FOLDER.")
        if keep > 0:
            for old in keep_last(folder, count=keep):
                self.stdout.write(f"{old}: removed")
