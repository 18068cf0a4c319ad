"""Prepare the demonstration and start it: `manage.py run`, which is what `make run` does."""

from __future__ import annotations

import time
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tutela.work.collecting import collect

from .start import claim

if TYPE_CHECKING:
    from collections.abc import Callable


def migrate() -> None:
    """Migrate, unless there is nothing to migrate (looking is faster than trying)."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def spoken(command: str) -> Callable[[], str]:
    """Return a step that runs a command and returns what it printed."""

    def step() -> str:
        heard = StringIO()
        call_command(command, stdout=heard)
        return heard.getvalue()

    return step


class Command(BaseCommand):
    help = "Migrate, load the curriculum and the demonstration, and start."

    def handle(self, **options: Any) -> None:
        """Prepare step by step, then run until a signal comes."""
        claim()  # better now than after half a minute of loading
        self.step("Migrating the database", migrate)
        self.step("Loading the curriculum", spoken("load_curriculum"))
        self.step("Making the demonstration", spoken("demo"))
        self.step("Collecting the static files", collect)
        call_command("start")

    def step(self, title: str, act: Callable[[], object]) -> None:
        """Do one thing, saying that it began, how long it took, and what it has to say."""
        self.stdout.write(f"{title} …", ending="")
        self.stdout.flush()
        began = time.monotonic()
        try:
            said = act()
        except BaseException:
            self.stdout.write("")
            raise
        self.stdout.write(f" {time.monotonic() - began:.1f} s")
        if isinstance(said, str) and said:
            self.stdout.write(said)
