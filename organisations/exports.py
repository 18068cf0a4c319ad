"""Records as CSV and XLSX: one scan of one table, in memory that does not grow with it."""

from __future__ import annotations

import csv
from contextlib import ExitStack, contextmanager
from datetime import date
from io import StringIO
from itertools import chain, islice
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

import psycopg
from django.db import connections
from django.db.models import Case, CharField, Exists, F, OuterRef, TextField, Value, When
from django.db.models.functions import Cast, Concat, Left
from django.db.models.lookups import In
from django.utils import translation
from django.utils.translation import gettext, pgettext
from rustpy_xlsxwriter import FastExcel

from tutela.accounts.models import log_event

from .models import EventKind, How, RecordEvent

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from tutela.accounts.models import User

    from .models import Organisation, RecordQuerySet

    type Rows = QuerySet[Any, tuple[Any, ...]]
    type Columns = dict[str, Combinable]

BOM = b"\xef\xbb\xbf"
ROWS_AT_ONCE = 2000
BYTES_AT_ONCE = 64 * 1024
# A sheet ends at 1,048,576 rows, its header included.
ROWS_A_SHEET = 1_048_575
# What a spreadsheet reads as the beginning of a formula, also in full width, and what it skips
# before one.
FORMULA_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "|",
    "%",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
    "｜",
    "％",
)
COMPLETED_ON, VALID_UNTIL = 9, 10  # the places of the two columns that hold a day
SECONDS_TO_WAIT = 2

_turn = Lock()


class ExportBusyError(RuntimeError):
    """Another export is being sent by this worker."""


@contextmanager
def holding_turn() -> Iterator[None]:
    """Hold the worker's one turn to export, or raise `ExportBusyError` after a short wait."""
    if not _turn.acquire(timeout=SECONDS_TO_WAIT):
        raise ExportBusyError
    try:
        yield
    finally:
        _turn.release()


class Turn:
    """Chunks of the one export that this worker sends; read to its end or closed, it gives way.

    A class, because a generator that was never begun would not run its `finally`.
    """

    def __init__(self, chunks: Generator[bytes]) -> None:
        self._turn = ExitStack()
        self._chunks = chunks
        self._turn.enter_context(holding_turn())

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the turn back; a second time does nothing."""
        self._chunks.close()
        self._turn.close()

    # A server that drops an answer without closing it must not keep the turn for ever.
    __del__ = close


def write_csv(records: RecordQuerySet, *, language: str, on: date) -> Generator[bytes]:
    """Yield the records as CSV (UTF-8 with BOM, header row, text that cannot become a formula).

    `on` is the day for which validity is stated.
    """
    columns = export_columns(language=language, on=on)
    header = StringIO()
    csv.writer(header, lineterminator="\n").writerow(columns)
    yield BOM + header.getvalue().encode()
    rows = _rows(records, columns)
    if connections[records.db].vendor == "postgresql":
        yield from _copied(rows)
    else:
        yield from _fetched(rows)


def write_xlsx(records: RecordQuerySet, file: Path | BinaryIO, *, language: str, on: date) -> None:
    """Write the records as XLSX, a further sheet where one is full.

    Texts are text cells and hold no formula even when they are saved as CSV from there.
    """
    columns = export_columns(language=language, on=on)
    rows = _cells(_rows(records, columns), names=list(columns))
    sheets = max(1, -(-records.count() // ROWS_A_SHEET))
    with translation.override(language):
        title = gettext("Records")
    book = FastExcel(file).format(bold_headers=True, datetime_format="yyyy-mm-dd").freeze(row=1)
    for number in range(1, sheets + 1):
        name = title if number == 1 else f"{title} {number}"
        book.sheet(name, _or_blank(islice(rows, ROWS_A_SHEET), names=list(columns)))
    book.save()


def log_export(
    organisation: Organisation,
    *,
    by: User | None,
    at: datetime,
    kind: str,
    wanted: dict[str, Any],
) -> None:
    """Log who asked for which records, in which format; the filter names no person."""
    log_event(
        "records.export_asked",
        subject=f"organisation {organisation.pk}",
        at=at,
        actor=by,
        format=kind,
        course=wanted["course"],
        unit=wanted["unit"].code if wanted["unit"] else "",
        first=wanted["from"].isoformat() if wanted["from"] else "",
        last=wanted["until"].isoformat() if wanted["until"] else "",
    )


def export_columns(*, language: str, on: date) -> Columns:
    """Return the heading of each column in this language, with the expression that fills it."""
    with translation.override(language):
        return {
            gettext("Staff number"): _guarded("staff_number"),
            gettext("Name"): _guarded("person_name"),
            gettext("Unit code"): _guarded("unit_code"),
            gettext("Unit"): _guarded("unit_name"),
            gettext("Course code"): _guarded("course_code"),
            gettext("Course"): _guarded("course_title"),
            gettext("Release"): F("release_number"),
            gettext("Language"): F("language"),
            gettext("How"): _word({how.value: str(how.label) for how in How}),
            gettext("Completed on"): Cast("completed_on", TextField()),
            gettext("Valid until"): Cast("expires_on", TextField()),
            gettext("Certificate"): F("certificate_code"),
            pgettext("of a certificate", "State"): state_word(on=on),
            gettext("Text reviewed"): Case(
                When(reviewed=True, then=Value(gettext("yes"))),
                default=Value(gettext("no")),
                output_field=CharField(),
            ),
        }


def state_word(*, on: date) -> Case:
    """Return what became of the certificate by this day, in the active language."""
    events = RecordEvent.objects.filter(record=OuterRef("pk"))
    return Case(
        *(
            When(Exists(events.filter(kind=kind)), then=Value(str(kind.label)))
            for kind in EventKind
        ),
        When(expires_on__lt=on, then=Value(gettext("expired"))),
        default=Value(gettext("valid")),
        output_field=CharField(),
    )


def _guarded(field: str) -> Case:
    """Return the text, with a quote before it where it could be read as a formula."""
    return Case(
        When(
            In(Left(field, 1), list(FORMULA_STARTS)),
            then=Concat(Value("'"), F(field), output_field=TextField()),
        ),
        default=F(field),
        output_field=TextField(),
    )


def _word(words: dict[str, str]) -> Case:
    return Case(
        *(When(how=code, then=Value(word)) for code, word in words.items()),
        output_field=CharField(),
    )


def _rows(records: RecordQuerySet, columns: Columns) -> Rows:
    """Return the rows in the order of their days, as one query of plain values."""
    named = {f"column_{number}": column for number, column in enumerate(columns.values())}
    return records.order_by("completed_on", "pk").annotate(**named).values_list(*named)


def _copied(rows: Rows) -> Iterator[bytes]:
    """Yield what PostgreSQL's own COPY writes: no row becomes a Python object."""
    sql, params = rows.query.sql_with_params()
    with connections[rows.db].cursor() as cursor:
        raw = cursor.cursor
        query = psycopg.ClientCursor(raw.connection).mogrify(sql, params)
        with raw.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
            gathered = bytearray()
            for line in copy:
                gathered += line
                if len(gathered) >= BYTES_AT_ONCE:
                    yield bytes(gathered)
                    gathered.clear()
            yield bytes(gathered)


def _fetched(rows: Rows) -> Iterator[bytes]:
    """Yield what a bare cursor reads; no transaction, it would hold the write lock meanwhile."""
    sql, params = rows.query.sql_with_params()
    with connections[rows.db].cursor() as cursor:
        cursor.execute(sql, params)
        while fetched := cursor.fetchmany(ROWS_AT_ONCE):
            lines = StringIO()
            csv.writer(lines, lineterminator="\n").writerows(fetched)
            yield lines.getvalue().encode()


def _cells(rows: Rows, *, names: list[str]) -> Iterator[dict[str, object]]:
    """Yield each row as the sheet takes it: days as dates, that a spreadsheet can sort."""
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        cells = dict(zip(names, row, strict=True))
        for name in names[COMPLETED_ON : VALID_UNTIL + 1]:
            cells[name] = cells[name] and date.fromisoformat(str(cells[name]))
        yield cells


def _or_blank(
    rows: Iterator[dict[str, object]], *, names: list[str]
) -> Iterator[dict[str, object]]:
    """Yield the rows; without any a blank one, for the sheet takes its header from the first."""
    return chain([first], rows) if (first := next(rows, None)) else iter([dict.fromkeys(names)])
