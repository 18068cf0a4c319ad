"""Close the site to visitors and open it again: `manage.py maintenance on|off`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tutela.upkeep.maintenance import close_site, closing, read_until, reopen_site

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Close the site to visitors, who are told so, or open it again; without a word, say which "
        "it is. It holds at once for every process that shares TUTELA_VAR, and needs no database."
    )
    requires_system_checks = []  # they ask the database, which may be away

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("state", nargs="?", choices=["on", "off"])
        parser.add_argument(
            "--until",
            metavar="TIME",
            help="what visitors are told, in TIME_ZONE: 23:30, or 2026-11-24T23:30. "
            "The site stays closed until `maintenance off` all the same.",
        )

    def handle(self, *, state: str | None, until: str | None, **options: Any) -> None:
        """Turn the switch, then say how it stands."""
        at = timezone.now()
        if until and state != "on":
            raise CommandError("--until belongs to `maintenance on`.")
        try:
            meant = read_until(until, at=at) if until else None
        except ValueError as error:
            raise CommandError(f"{until!r} is no time: write 23:30 or 2026-11-24T23:30.") from error
        if meant and meant <= at:
            raise CommandError(f"{until} has passed.")
        try:
            if state == "on":
                close_site(until=meant)
            elif state == "off":
                reopen_site()
        except OSError as error:
            raise CommandError(f"The switch cannot be turned: {error}.") from error
        self.stdout.write(standing())


def standing() -> str:
    """Return one line that says whether visitors are let in."""
    found = closing()
    if found is None:
        return "The site is open."
    if found.until is None:
        return "The site is closed for maintenance."
    return f"The site is closed for maintenance; visitors read: until {timezone.localtime(found.until):%Y-%m-%d %H:%M %Z}."
