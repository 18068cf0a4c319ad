from __future__ import annotations

import csv
import stat
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from organisations.models import Record
from organisations.tasks import forget_what_is_over
from tests.organisations.rows import Place, make_place, make_record
from tutela.accounts.models import Event
from tutela.work.jobs import registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    place = make_place()
    make_record(place.north, number=1)
    make_record(place.harbour, number=2)
    make_record(place.south, number=3, course="policing")
    return place


def export(file: Path, *options: str, kind: str = "csv") -> str:
    messages = StringIO()
    call_command(
        "export_records",
        "--organisation=first",
        f"--format={kind}",
        f"--output={file}",
        *options,
        stderr=messages,
    )
    return messages.getvalue()


@pytest.mark.parametrize(
    ("options", "people"),
    [
        ([], ["Person 1", "Person 2", "Person 3"]),
        (["--unit=N"], ["Person 1", "Person 2"]),
        (["--course=policing"], ["Person 3"]),
        (["--from=2026-03-02", "--until=2026-03-02", "--unit=NH"], ["Person 2"]),
        (["--from=2026-03-03"], []),
    ],
)
def test_the_command_exports_what_the_options_say(
    place: Place, tmp_path: Path, options: list[str], people: list[str]
) -> None:
    file = tmp_path / "records.csv"

    said = export(file, *options)

    rows = list(csv.DictReader(StringIO(file.read_text("utf-8-sig"))))
    assert [row["Name"] for row in rows] == people
    assert said == f"first: {len(people)} records.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_command_speaks_the_organisations_language_or_another(
    place: Place, tmp_path: Path
) -> None:
    book = tmp_path / "records.xlsx"

    export(book, "--language=en", kind="xlsx")

    assert load_workbook(book)["Records"].max_row == 4
    line = Event.objects.get(kind="records.export_asked")
    assert (line.actor, line.data["format"]) == (None, "xlsx")


def test_standard_output_is_a_file_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        buffer = BytesIO()

    monkeypatch.setattr("sys.stdout", Terminal)
    export(Path("-"))

    assert Terminal.buffer.getvalue().count(b"\n") == 4


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--organisation=nowhere"], "There is no organisation nowhere."),
        (["--unit=X"], "first has no unit X."),
    ],
)
def test_what_does_not_exist_is_named(
    place: Place, tmp_path: Path, options: list[str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        export(tmp_path / "records.csv", *options)


def test_a_folder_that_is_not_there_is_named(place: Place, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        export(tmp_path / "nowhere" / "records.csv")


def test_check_records_is_content(place: Place) -> None:
    said, errors = StringIO(), StringIO()

    call_command("check_records", stdout=said, stderr=errors)

    assert (said.getvalue(), errors.getvalue()) == ("", "Every record keeps its promises.\n")


def test_check_records_tells_every_breach(place: Place) -> None:
    record = Record.objects.order_by("pk")[0]
    Record.objects.filter(pk=record.pk).erase(certificate_code="")
    said = StringIO()

    with pytest.raises(CommandError, match=r"Breaches: 1\."):
        call_command("check_records", stdout=said)
    assert said.getvalue().endswith(" has no record\n")


def test_what_is_over_is_forgotten_every_day(place: Place) -> None:
    assert "organisations.retention" in {job.name for job in registered()}
    assert forget_what_is_over.call() == 0
