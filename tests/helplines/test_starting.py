"""What a new instance starts with: nothing that anybody is shown."""

from __future__ import annotations

from datetime import date

import pytest

from tutela.helplines.api import load_helplines
from tutela.helplines.models import Helpline, SourceStatus, Status
from tutela.helplines.starting import read_starter

pytestmark = pytest.mark.django_db


def test_every_starter_record_is_a_draft_with_its_source() -> None:
    added = load_helplines()

    assert added == len(read_starter()) == Helpline.objects.filter(status=Status.DRAFT).count()
    assert not Helpline.objects.filter(source="").exists()
    assert set(Helpline.objects.values_list("source_status", flat=True)) == set(SourceStatus)
    assert not Helpline.objects.shown(on=date(2026, 3, 2)).exists()


def test_a_second_loading_leaves_what_an_editor_wrote() -> None:
    load_helplines()
    Helpline.objects.filter(code="at-child").update(name="As the editor calls it")

    assert load_helplines() == 0
    assert Helpline.objects.get(code="at-child").name == "As the editor calls it"


@pytest.mark.parametrize(
    ("code", "country", "number", "status"),
    [
        ("europe-missing", "150", "116 000", "V"),
        ("europe-emergency", "150", "112", "K"),
        ("fr-child", "FR", "119", "V"),
        ("at-child", "AT", "147", "P"),
        ("ca-child", "CA", "1-800-668-6868", "K"),
    ],
)
def test_records_keep_the_mark_they_were_written_with(
    code: str, country: str, number: str, status: str
) -> None:
    load_helplines()
    found = Helpline.objects.get(code=code)

    assert (found.country, found.number, found.source_status) == (country, number, status)


def test_no_code_stands_twice() -> None:
    codes = [record["code"] for record in read_starter()]

    assert len(codes) == len(set(codes))
