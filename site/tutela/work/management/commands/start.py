"""Start the web server and the task worker, and end both together: `manage.py start`."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections

from tutela.work import counting
from tutela.work.claiming import DatabaseTakenError, claimed_database
from tutela.work.health import answers
from tutela.work.schema import Standing, standing
from tutela.work.supervising import (
    AddressError,
    Child,
    ChildLostError,
    PortTakenError,
    Supervisor,
    claim_address,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser


def web_command(address: str) -> list[str]:
    """Return the command of the web server; its figures are measured (docs/architecture.md)."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", address, "--port", str(settings.PORT)),
        *("--workers", str(settings.WEB_WORKERS), "--respawn-failed-workers"),
        # A streamed answer holds a thread for as long as its client is slow.
        *("--blocking-threads", "4", "--workers-kill-timeout", "5"),
        # Each request has a line of ours, which names no page (tutela.kit.logs).
        *("--log-level", "warning", "--no-access-log", "tutela.wsgi:application"),
    ]


def worker_command(number: int) -> list[str]:
    """Return the command of the worker's start of this number, which replaces the one before."""
    name = f"{socket.gethostname()[:40]}-{os.getpid()}"
    return [
        # Background work never slows a page down.
        *("nice", "-n", "5", sys.executable, "-m", "django", "worker"),
        *("--name", f"{name}-{number}", "--replaces", f"{name}-{number - 1}"),
    ]


def claim() -> str:
    """Return the address to serve on, or say in one sentence why it cannot be had."""
    try:
        return claim_address(settings.HOST, settings.PORT)
    except PortTakenError as error:
        other = f"PORT={settings.PORT + 1}"
        raise CommandError(
            f"{error}: end the program that uses it, or choose another with {other}."
        ) from error
    except AddressError as error:
        raise CommandError(f"{error}: set HOST and PORT to what this machine has.") from error


def refuse_newer() -> None:
    """Refuse a database that this release would not understand."""
    try:
        found = standing()
    except DatabaseError:  # it is away: the pages will say so, and be there when it is
        return
    if found is Standing.NEWER:
        raise CommandError(
            "The database was migrated by a newer release of Tutela: start that release, "
            "or restore the backup that was made before the upgrade."
        )


def leave_database() -> None:
    """Keep no connection while the children have theirs."""
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]


class Command(BaseCommand):
    help = "Start the web server and the task worker; Ctrl-C or SIGTERM ends both."
    requires_system_checks = []  # they ask the database, which may be away

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--web-only", action="store_true", help="leave the tasks to workers elsewhere"
        )

    def handle(self, *, web_only: bool, **options: Any) -> None:
        """Run until a signal comes; exit status 1 with a sentence if it cannot."""
        address = claim()
        try:
            with claimed_database():
                refuse_newer()
                self.serve(address, web_only=web_only)
        except DatabaseTakenError as error:
            raise CommandError(str(error)) from error
        except ChildLostError as error:
            raise CommandError(f"{error}: the lines above say why.") from error
        self.stdout.write("Tutela has ended.")

    def serve(self, address: str, *, web_only: bool) -> None:
        """Keep the children up until a signal comes."""
        children = [Child("web server", lambda _: web_command(address))]
        if not web_only:
            children.append(Child("task worker", worker_command))
        leave_database()
        self.announced = False
        supervisor = Supervisor(children, say=self.stderr.write)
        counting.open_folder()
        try:
            supervisor.run(each=lambda: self.announce(address))
        finally:
            counting.close_folder()

    def announce(self, address: str) -> None:
        """Print the address once, when somebody who opens it will be answered."""
        if not self.announced and answers(address, settings.PORT):
            self.announced = True
            self.stdout.write(
                f"Tutela {settings.VERSION} is open at {settings.BASE_URL} (Ctrl-C ends it)."
            )
            self.stdout.flush()
