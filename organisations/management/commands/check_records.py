"""Check every promise about what was completed, certified and recorded."""

from __future__ import annotations

from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organisations.api import breaches

if TYPE_CHECKING:
    from collections.abc import Iterator


ROOMS = ("quizzes", "courses", "certificates")


class Command(BaseCommand):
    help = (
        "Check that each pass has one completion, one certificate and its records, and that "
        "nothing is orphaned. One line for each breach; exit status 1 if there is any."
    )

    def handle(self, **options: Any) -> None:
        count = 0
        for line in chain(_lower_rooms(), breaches(at=timezone.now())):
            self.stdout.write(line)
            count += 1
        if count:
            raise CommandError(f"Breaches: {count}.")
        self.stderr.write("Every record keeps its promises.")


def _lower_rooms() -> Iterator[str]:
    """Yield what each room below finds of itself, where it has promises to check."""
    for room in ROOMS:
        check = getattr(import_module(f"{room}.api"), "breaches", None)
        if check is not None:
            yield from check()
