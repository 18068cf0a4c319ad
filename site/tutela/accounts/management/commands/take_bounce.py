"""Read a delivery report, as a mail server hands it over."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from tutela.accounts.bounces import take_report

# A report holds the head of a mail or a whole one; ours are small.
LONGEST = 1024 * 1024


class Command(BaseCommand):
    help = (
        "Read a delivery report from standard input and note the address that our mail did not "
        "reach. Exit status 0 whatever was sent, 75 if the database is away: mail servers try again."
    )
    requires_system_checks = []  # they ask the database, which may be away

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = take_report(sys.stdin.buffer.read(LONGEST), at=timezone.now())
        except DatabaseError as error:
            raise CommandError("The database is away.", returncode=os.EX_TEMPFAIL) from error
        self.stdout.write(outcome.value)
