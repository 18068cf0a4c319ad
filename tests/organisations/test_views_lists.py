"""Lists, filters and exports."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from organisations import exports
from organisations.exports import holding_turn
from tests.organisations.rows import (
    Place,
    make_member,
    make_record,
)
from tests.organisations.visits import BASE, read_csv
from tutela.accounts.models import Event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "people"),
    [
        ("", ["Person 3", "Person 2", "Person 1"]),
        ("unit=N", ["Person 2", "Person 1"]),
        ("unit=NH", ["Person 2"]),
        ("course=policing", ["Person 3"]),
        ("from=2026-03-02&until=2026-03-02", ["Person 3", "Person 2", "Person 1"]),
        ("from=2026-03-03", []),
        ("until=2026-03-01", []),
    ],
)
def test_records_are_filtered_alike_on_the_page_and_in_the_export(
    place: Place, manager: Client, query: str, people: list[str]
) -> None:
    make_record(place.north, number=1)
    make_record(place.harbour, number=2)
    make_record(place.south, number=3, course="policing")

    page = manager.get(f"{BASE}/first/records/?{query}")
    rows = read_csv(manager.get(f"{BASE}/first/records/export.csv?{query}"))
    sheet: Any = manager.get(f"{BASE}/first/records/export.xlsx?{query}")

    assert [record.person_name for record in page.context["page"]] == people
    assert sorted(row[1] for row in rows[1:]) == sorted(people)
    cells = load_workbook(BytesIO(b"".join(sheet.streaming_content))).active["B"]
    assert sorted(cell.value for cell in cells[1:] if cell.value) == sorted(people)


@pytest.mark.parametrize(
    ("sort", "names", "head"),
    [
        ("", "321", ("Completed on", "descending", "completed")),
        ("nothing", "321", ("Completed on", "descending", "completed")),
        ("name", "123", ("Name", "ascending", "-name")),
        ("-name", "321", ("Name", "descending", "name")),
        ("unit", "213", ("Unit", "ascending", "-unit")),
    ],
)
def test_records_are_sorted_by_a_link_in_the_head(
    place: Place, manager: Client, sort: str, names: str, head: tuple[str, str, str]
) -> None:
    for number, unit in enumerate((place.north, place.harbour, place.north), start=1):
        make_record(unit, number=number)

    page = manager.get(f"{BASE}/first/records/?course=&page=1&sort={sort}")

    assert [record.person_name[-1] for record in page.context["page"]] == list(names)
    [column] = [column for column in page.context["columns"] if column.get("sorted")]
    title, sorted_now, following = head
    assert (column["title"], column["sorted"]) == (title, sorted_now)
    assert column["url"] == f"?course=&sort={following}"
    assert ("the newest first" in page.text) is (title == "Completed on")


def test_the_export_keeps_the_filter(place: Place, manager: Client) -> None:
    make_record(place.north)

    page = manager.get(f"{BASE}/first/records/?unit=N&page=1").content.decode()

    assert 'href="/en/organisations/first/records/export.csv?unit=N"' in page
    assert 'href="/en/organisations/first/records/export.xlsx?unit=N"' in page


def test_an_export_is_logged_without_names(place: Place, manager: Client) -> None:
    make_record(place.north)

    read_csv(manager.get(f"{BASE}/first/records/export.csv?unit=N&from=2026-01-01"))

    line = Event.objects.get(kind="records.export_asked")
    assert (line.actor, line.subject) == (place.manager, f"organisation {place.organisation.pk}")
    assert line.data == {
        "format": "csv",
        "course": "",
        "unit": "N",
        "first": "2026-01-01",
        "last": "",
    }


def test_an_export_is_a_private_file(place: Place, manager: Client) -> None:
    response = manager.get(f"{BASE}/first/records/export.csv")

    assert response.headers["Content-Disposition"] == 'attachment; filename="first-records.csv"'
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-store"
    response.close()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_second_export_is_asked_to_wait(
    manager: Client, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "SECONDS_TO_WAIT", 0)
    path = f"{BASE}/first/records/export.{kind}"

    with holding_turn():
        response = manager.get(path)

    again = manager.get(path)
    again.close()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert again.status_code == 200


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"), [("", 7), ("people/", 10), ("records/", 10), ("invitations/", 7)]
)
def test_a_page_costs_the_same_however_many_rows_it_shows(
    place: Place,
    manager: Client,
    address: str,
    queries: int,
    item_count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(item_count):
        make_record(place.north, number=number)

    with django_assert_num_queries(queries):
        manager.get(f"{BASE}/first/{address}")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Person 1", "Person 2", "Person 3"]),
        ("unit=N", ["Person 1", "Person 2"]),
        ("state=done", ["Person 1", "Person 3"]),
        ("state=open", ["Person 2"]),
        ("state=done&course=policing", ["Person 3"]),
        ("state=open&course=policing&unit=N", ["Person 1", "Person 2"]),
    ],
)
def test_people_are_filtered(place: Place, manager: Client, query: str, names: list[str]) -> None:
    make_record(place.north, number=1)
    make_member(place.harbour, email="p2@example.org", name="Person 2", number="2")
    make_record(place.south, number=3, course="policing")

    lines = manager.get(f"{BASE}/first/people/?{query}").context["lines"]

    assert [line.membership.name for line in lines] == names


def test_people_are_listed_with_what_they_completed(place: Place, manager: Client) -> None:
    record = make_record(place.north)

    [line] = manager.get(f"{BASE}/first/people/").context["lines"]

    assert line.records == (record,)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "There are no members yet."),
        ("people/", "There are no members yet."),
        ("people/?state=done", "No member fits this filter."),
        ("records/", "A record is written when a member completes a course."),
        ("records/?from=2026-01-01", "No record fits this filter."),
        ("invitations/", "No invitation is open."),
    ],
)
def test_an_empty_page_says_what_to_do(manager: Client, address: str, words: str) -> None:
    assert words in manager.get(f"{BASE}/first/{address}").content.decode()
