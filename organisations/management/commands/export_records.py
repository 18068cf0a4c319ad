"""Export an organisation's records, as its manager would, from the command line."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organisations.exports import log_export, write_csv, write_xlsx
from organisations.models import Organisation, Record, Unit

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator
    from datetime import datetime

    from organisations.models import RecordQuerySet


class Command(BaseCommand):
    help = (
        "Export an organisation's records as CSV or XLSX. "
        "Exit status 0: written; 1: nothing was written, the reason is on standard error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--format", required=True, choices=["csv", "xlsx"])
        parser.add_argument(
            "--output", required=True, metavar="FILE", help="a file, or - for standard output"
        )
        parser.add_argument("--course", default="", metavar="CODE")
        parser.add_argument("--unit", default="", metavar="CODE", help="the unit and all below it")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--until", dest="last", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES])

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation {options['organisation']}.")
        unit = self._unit(organisation, options["unit"])
        records = (
            Record.objects.within(unit)
            if unit
            else Record.objects.filter(organisation=organisation)
        )
        records = records.completed_between(options["first"], options["last"])
        if options["course"]:
            records = records.filter(course_code=options["course"])
        wanted = {
            "course": options["course"],
            "unit": unit,
            "from": options["first"],
            "until": options["last"],
        }
        log_export(organisation, by=None, at=now, kind=options["format"], wanted=wanted)
        self._write(records, organisation, at=now, options=options)

    def _unit(self, organisation: Organisation, code: str) -> Unit | None:
        if not code:
            return None
        unit: Unit | None = Unit.objects.filter(organisation=organisation, code=code).first()
        if unit is None:
            raise CommandError(f"{organisation.slug} has no unit {code}.")
        return unit

    def _write(
        self,
        records: RecordQuerySet,
        organisation: Organisation,
        *,
        at: datetime,
        options: dict[str, Any],
    ) -> None:
        language = options["language"] or organisation.language
        on = organisation.day(at)
        try:
            with opened(options["output"]) as file:
                if options["format"] == "csv":
                    file.writelines(write_csv(records, language=language, on=on))
                else:
                    write_xlsx(records, file, language=language, on=on)
        except OSError as error:
            raise CommandError(
                f"{options['output']} cannot be written: {error.strerror}."
            ) from error
        self.stderr.write(f"{organisation.slug}: {records.count()} records.")


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """Give standard output, or a file that stands only when it was written to its end."""
    if name == "-":
        yield cast("BinaryIO", sys.stdout.buffer)
        return
    target = Path(name)
    unfinished = target.with_name(f"{target.name}.unfinished")
    # Names of people: for nobody else on this machine.
    unfinished.touch(mode=0o600)
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
