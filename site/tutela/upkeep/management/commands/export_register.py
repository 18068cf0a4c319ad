"""Write the register that goes on verifying: `manage.py export_register FOLDER`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tutela.upkeep.manifests import sum_of
from tutela.upkeep.registering import INDEX, RegisterError, write_register

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Write a page for each certificate into FOLDER/verify, as plain files that need no program of "
        "ours to be served. Exit status 0: all of them are there; 1: there is no register, and why."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--sharded",
            action="store_true",
            default=None,
            help="lay them into 1,024 folders, as is done from 100,000 certificates on",
        )

    def handle(self, *, folder: Path, sharded: bool | None, **options: Any) -> None:
        """Write, and say what was written."""
        began = time.monotonic()
        try:
            register = write_register(folder, at=timezone.now(), sharded=sharded)
        except (RegisterError, OSError) as error:
            raise CommandError(str(error)) from error
        for state, count in sorted(register.states.items()):
            self.stdout.write(f"{count:>10} {state}")
        how = "in folders by two letters" if register.sharded else "in a folder each"
        self.stdout.write(
            f"{folder}: {sum(register.states.values())} certificates {how}, "
            f"{time.monotonic() - began:.1f} s"
        )
        self.stdout.write(f"SHA-256 of {folder / INDEX}: {sum_of(folder / INDEX)}")
