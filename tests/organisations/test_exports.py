from __future__ import annotations

import csv
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from certificates.issuing import revoke_certificate
from certificates.models import Certificate
from organisations import exports
from organisations.exports import (
    ExportBusyError,
    Turn,
    export_columns,
    holding_turn,
    write_csv,
    write_xlsx,
)
from organisations.models import Record
from tests.organisations.rows import (
    AT,
    LATER,
    Place,
    certify,
    make_member,
    make_place,
    make_record,
    person_of,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)
HEADER = [
    "Staff number",
    "Name",
    "Unit code",
    "Unit",
    "Course code",
    "Course",
    "Release",
    "Language",
    "How",
    "Completed on",
    "Valid until",
    "Certificate",
    "State",
    "Text reviewed",
]


@pytest.fixture
def place() -> Place:
    return make_place()


def read_csv(*, language: str = "en", on: date = TODAY) -> list[list[str]]:
    content = b"".join(write_csv(Record.objects.all(), language=language, on=on))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_csv_holds_every_column_of_every_record(place: Place) -> None:
    record = make_record(place.harbour)

    assert read_csv() == [
        HEADER,
        [
            "1",
            "Person 1",
            "NH",
            "Harbour",
            "foundation",
            "The first safe adult",
            "1",
            "en",
            "completed here",
            "2026-03-02",
            "2029-03-02",
            record.certificate_code,
            "valid",
            "no",
        ],
    ]


def test_an_empty_export_has_its_header() -> None:
    assert read_csv() == [HEADER]


def test_text_that_needs_quotes_comes_back_as_it_was(place: Place) -> None:
    name = 'Anna "Ann", Example\nsecond line; Ünïcode ქართული العربية'
    member = make_member(place.north, name=name)
    certify(person_of(member))

    assert read_csv()[1][1] == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1+1", "'+1+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("|x", "'|x"),
        ("%x", "'%x"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("'quoted", "'quoted"),
        ("a=1", "a=1"),
        ("Anna", "Anna"),
    ],
)
def test_no_text_becomes_a_formula(place: Place, name: str, shown: str) -> None:
    member = make_member(place.north, name=name, number=name)
    certify(person_of(member))

    staff_number, person = read_csv()[1][:2]
    book = BytesIO()
    write_xlsx(Record.objects.all(), book, language="en", on=TODAY)
    cells = [cell for row in load_workbook(book).active.iter_rows() for cell in row]

    assert (staff_number, person) == (shown, shown)
    assert "f" not in {cell.data_type for cell in cells}


@pytest.mark.parametrize("field", ["unit_code", "unit_name", "course_title", "course_code"])
def test_every_text_that_somebody_wrote_is_guarded(place: Place, field: str) -> None:
    make_record(place.north)
    Record.objects.all().erase(**{field: "=1"})

    assert read_csv()[1].count("'=1") == 1


@pytest.mark.parametrize(
    ("on", "state"), [(date(2029, 3, 2), "valid"), (date(2029, 3, 3), "expired")]
)
def test_the_state_is_that_of_the_day(place: Place, on: date, state: str) -> None:
    make_record(place.north)

    assert read_csv(on=on)[1][12] == state


def test_a_revoked_certificate_is_told_even_when_it_has_expired(place: Place) -> None:
    make_record(place.north)
    certificate = Certificate.objects.get()
    revoke_certificate(certificate, by=place.manager, reason="Issued by mistake", at=LATER)

    assert read_csv(on=date(2030, 1, 1))[1][12] == "revoked"


def test_what_never_expires_has_an_empty_cell(place: Place) -> None:
    member = make_member(place.north)
    certify(person_of(member), expires_on=None)

    row = read_csv()[1]
    assert (row[10], row[12]) == ("", "valid")


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_headings_are_different_in_every_language(language: str) -> None:
    assert len(set(export_columns(language=language, on=TODAY))) == len(HEADER) == 14


@pytest.mark.parametrize("item_count", [1, 3])
def test_a_csv_is_at_most_one_query(
    place: Place, item_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(item_count):
        make_record(place.north, number=number)

    # What COPY sends does not pass Django's counter.
    with django_assert_num_queries(0 if connection.vendor == "postgresql" else 1):
        assert len(read_csv()) == item_count + 1


@pytest.mark.parametrize("item_count", [1, 3])
def test_an_xlsx_is_two_queries(
    place: Place, item_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(item_count):
        make_record(place.north, number=number)

    with django_assert_num_queries(2):
        write_xlsx(Record.objects.all(), BytesIO(), language="en", on=TODAY)


def test_an_xlsx_holds_texts_as_texts_and_days_as_days(place: Place, tmp_path: Path) -> None:
    record = make_record(place.harbour)
    file = tmp_path / "records.xlsx"

    write_xlsx(Record.objects.all(), file, language="en", on=TODAY)

    sheet = load_workbook(file)["Records"]
    header, row = sheet.iter_rows(values_only=True)
    assert list(header) == HEADER
    assert row[:2] == ("1", "Person 1")
    assert (row[6], row[11]) == (1, record.certificate_code)
    assert [day.date() for day in row[9:11]] == [date(2026, 3, 2), date(2029, 3, 2)]
    assert sheet.freeze_panes == "A2"


def test_an_empty_xlsx_has_its_header() -> None:
    book = BytesIO()

    write_xlsx(Record.objects.all(), book, language="en", on=TODAY)

    assert [cell.value for cell in load_workbook(book).active[1]] == HEADER


def test_a_full_sheet_is_followed_by_another(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        make_record(place.north, number=number)
    monkeypatch.setattr(exports, "ROWS_A_SHEET", 2)
    book = BytesIO()

    write_xlsx(Record.objects.all(), book, language="en", on=TODAY)

    assert [(sheet.title, sheet.max_row) for sheet in load_workbook(book)] == [
        ("Records", 3),
        ("Records 2", 2),
    ]


def test_a_worker_sends_one_export_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SECONDS_TO_WAIT", 0)

    with holding_turn(), pytest.raises(ExportBusyError):
        Turn(chunk for chunk in [b"a"])


@pytest.mark.parametrize("read", ["all", "some", "none"])
def test_the_turn_is_given_back_however_much_was_read(
    read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "SECONDS_TO_WAIT", 0)
    turn = Turn(chunk for chunk in [b"a", b"b"])

    if read == "all":
        assert list(turn) == [b"a", b"b"]
    if read == "some":
        assert next(turn) == b"a"
    turn.close()

    with holding_turn():
        pass


def test_the_order_is_that_of_the_days(place: Place) -> None:
    later, sooner = (
        make_member(place.north),
        make_member(place.north, email="b@x.example", number="8"),
    )
    certify(person_of(later), at=LATER)
    certify(person_of(sooner), at=AT)

    assert [row[0] for row in read_csv()[1:]] == ["8", "7"]
