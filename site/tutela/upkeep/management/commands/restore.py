"""Put a backup into an empty instance: `manage.py restore FOLDER`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from tutela.upkeep import manifests
from tutela.upkeep.databases import DatabaseFileError
from tutela.upkeep.manifests import ManifestError
from tutela.upkeep.restoring import (
    RestoreError,
    find_backup,
    lost_keys,
    refusals,
    steps,
    verify_sample,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

    from tutela.upkeep.manifests import Manifest


class Command(BaseCommand):
    help = (
        "Put a backup (FOLDER, or the newest one in it) into an empty database without media, and "
        "check it. Exit status 0: everything is there; 1: it is not, and why."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--sample", type=int, default=20, metavar="N", help="look at so many certificates"
        )

    def handle(self, *, folder: Path, sample: int, **options: Any) -> None:
        """Check first, restore then, and check again."""
        self.verbosity = options["verbosity"]
        now = timezone.now()
        try:
            backup = find_backup(folder)
            manifest = manifests.read(backup)
            self.stdout.write(f"{backup}, made at {manifest.made_at} by version {manifest.version}")
            self.check_backup(manifest, backup)
            for step in steps(backup, manifest, at=now):
                self.step(step.title, step.act)
            self.step("Looking at certificates", lambda: verify_sample(sample, on=now.date()))
        except (RestoreError, ManifestError, DatabaseFileError, DatabaseError, OSError) as error:
            raise CommandError(str(error)) from error
        self.step("Checking the records", lambda: call_command("check_records", stderr=self.stderr))
        self.tell(manifest)

    def check_backup(self, manifest: Manifest, backup: Path) -> None:
        """End here if the backup is not whole or does not belong into this instance."""
        if found := list(refusals(manifest)):
            raise CommandError(" ".join(found))
        found = self.step(
            "Checking every file's sum", lambda: list(manifests.faults(manifest, backup))
        )
        if found:
            raise CommandError(f"The backup is damaged: {'; '.join(found)}.")

    def step[Result](self, title: str, act: Callable[[], Result]) -> Result:
        """Do one thing, and say how long it took."""
        began = time.monotonic()
        result = act()
        self.stdout.write(f"{title}: {time.monotonic() - began:.1f} s")
        return result

    def tell(self, manifest: Manifest) -> None:
        """Say what is here now, and what the operator must still know."""
        rows = {table: count for table, count in manifest.rows.items() if count}
        if self.verbosity:
            self.stdout.writelines(f"{count:>12} {table}\n" for table, count in rows.items())
        self.stdout.write(
            f"Restored: {sum(rows.values())} rows and {len(manifest.media)} media files, "
            "as many as were backed up."
        )
        if lost := lost_keys(manifest):
            self.stderr.write(
                f"This instance has another {' and '.join(lost)} than the one that was backed up. "
                "docs/operating/backup.md says what that means."
            )
