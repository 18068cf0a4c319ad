"""Run background tasks: `manage.py worker`, as many as there are machines for it."""

from __future__ import annotations

import itertools
import logging
import os
import socket
import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from tutela.work import rescuing
from tutela.work.pulse import Pulse

if TYPE_CHECKING:
    from argparse import ArgumentParser


PAUSE_SECONDS = 5


def own_name() -> str:
    """Return a name that no other living worker has."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}"


class Command(BaseCommand):
    help = "Run background tasks and periodic jobs until it is told to end."
    requires_system_checks = []  # they ask the database, which may be away

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", default=own_name(), help="unique among the living workers")
        parser.add_argument("--replaces", default="", help="a worker that is known to be dead")
        parser.add_argument("--interval", type=float, default=1, help="seconds between two looks")
        parser.add_argument("--batch", action="store_true", help="end when the queue is empty")

    def handle(self, **options: Any) -> None:
        """Work until a signal says so; a task that runs is finished first."""
        # The library speaks of every signal and every task; errors are enough.
        logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
        rescuing.bury(options["replaces"])
        for life in itertools.count(1):
            # A new life has a new name: what the old one was doing may be given to anybody.
            name = options["name"] if life == 1 else f"{options['name']}.{life}"
            try:
                self.work(name, interval=options["interval"], batch=options["batch"])
            except OperationalError as error:
                self.stderr.write(f"The database does not answer, trying again: {error}")
                connections.close_all()
                time.sleep(PAUSE_SECONDS)
            else:
                return

    def work(self, name: str, *, interval: float, batch: bool) -> None:
        """Take tasks under this name, with a pulse beside them."""
        worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            backend_name="queue",
            worker_id=name,
            interval=interval,
            batch=batch,
            startup_delay=False,
            max_tasks=None,
        )
        worker.configure_signals()
        pulse = Pulse(name)
        pulse.turn(at=timezone.now())
        pulse.start()
        try:
            worker.run()
        finally:
            pulse.end()
