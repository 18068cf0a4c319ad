from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries, Settings

from organisations import exports
from organisations.exports import holding_turn
from organisations.founding import appoint
from organisations.models import Invitation, Membership, Record, Role
from organisations.records import record_completion
from tests.organisations.rows import (
    LATER,
    LONG_AGO,
    Place,
    auditor_of,
    certify,
    enter,
    make_member,
    make_person,
    make_place,
    make_record,
    person_of,
)
from tests.people import signed_in
from tutela.accounts.models import Event, User

pytestmark = pytest.mark.django_db
BASE = "/en/organisations"
LISTS = ("people/", "records/", "records/export.csv", "records/export.xlsx", "invitations/")


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def other() -> Place:
    return make_place("second")


@pytest.fixture
def manager(place: Place) -> Client:
    return enter(place.manager)


def read_csv(response: Any) -> list[list[str]]:
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(content)))


# Who gets in.


@pytest.mark.parametrize("address", ["", *LISTS])
def test_a_manager_is_let_in(manager: Client, address: str) -> None:
    response = manager.get(f"{BASE}/first/{address}")
    response.close()

    assert response.status_code == 200


@pytest.mark.parametrize("address", ["", *LISTS])
def test_a_visitor_is_asked_to_sign_in(place: Place, address: str) -> None:
    response = enter(None).get(f"{BASE}/first/{address}")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("address", ["", *LISTS])
@pytest.mark.parametrize("role", ["member", "other manager", "past manager", "superuser"])
def test_a_stranger_is_told_that_there_is_nothing(
    place: Place, other: Place, role: str, address: str
) -> None:
    person = other.manager
    if role == "member":
        person = person_of(make_member(place.north))
    if role == "past manager":
        person = place.manager
        place.organisation.appointments.update(until=LATER)
    if role == "superuser":
        person = User.objects.create_superuser("root@example.org")

    assert enter(person).get(f"{BASE}/first/{address}").status_code == 404


@pytest.mark.parametrize(("address", "status"), [("", 200), *((name, 404) for name in LISTS)])
def test_an_auditor_sees_the_overview_alone(place: Place, address: str, status: int) -> None:
    response = enter(auditor_of(place.root)).get(f"{BASE}/first/{address}")

    assert response.status_code == status


def test_an_auditor_reads_no_name(place: Place) -> None:
    for number in range(6):
        make_record(place.north, number=number)

    page = enter(auditor_of(place.root)).get(f"{BASE}/first/").content.decode()

    assert "Person" not in page
    assert "5 members today." in page


def test_a_manager_without_second_factor_is_sent_to_set_one_up(
    place: Place, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True

    response = signed_in(place.manager, second_factor=False).get(f"{BASE}/first/records/")

    assert response.status_code == 303
    assert response.headers["Location"].startswith("/accounts/2fa/")


@pytest.mark.parametrize("address", ["members/{}/move/", "members/{}/end/"])
def test_a_member_of_another_organisation_is_out_of_reach(
    manager: Client, other: Place, address: str
) -> None:
    theirs = make_member(other.north)
    path = f"{BASE}/first/{address.format(theirs.pk)}"

    assert manager.get(path).status_code == 404
    assert manager.post(path, {"unit": "S"}).status_code == 404
    assert Membership.objects.get().until is None


def test_a_member_of_another_unit_is_out_of_reach(place: Place) -> None:
    member = make_member(place.north)
    southern = make_person("south@example.org")
    appoint(southern, unit=place.south, role=Role.MANAGER, at=LONG_AGO)
    path = f"{BASE}/first/members/{member.pk}/end/"

    assert enter(southern).post(path).status_code == 404


def test_an_invitation_of_another_organisation_is_out_of_reach(
    manager: Client, other: Place
) -> None:
    theirs = Invitation.objects.create(
        organisation=other.organisation,
        unit=other.north,
        email="b@example.org",
        language="en",
        token="t",  # noqa: S106  (of an invitation)
        invited_by=other.manager,
        invited_at=LONG_AGO,
        expires_at=LATER.replace(year=2099),
    )

    response = manager.post(f"{BASE}/first/invitations/{theirs.pk}/withdraw/")

    assert response.status_code == 404
    assert Invitation.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    "query",
    [
        "course=theirs",
        "unit=THEIRS",
        "unit=N&unit=THEIRS",
        "organisation=second",
        "org=2",
        "from=yesterday",
        "until=2026-02-30",
        "from=2026-03-02&until=2026-03-01",
    ],
)
@pytest.mark.parametrize("page", ["records/", "records/export.csv", "records/export.xlsx"])
def test_a_filter_that_is_not_hers_refuses_the_whole_request(
    place: Place, other: Place, manager: Client, page: str, query: str
) -> None:
    make_record(place.north, number=1)
    other.north.code = "THEIRS"
    other.north.save()
    make_record(other.north, number=2, course="theirs")

    response = manager.get(f"{BASE}/first/{page}?{query}")

    assert response.status_code == 422
    assert "<title>Error: " in response.content.decode()
    assert "Person" not in response.content.decode()
    assert not Event.objects.filter(kind="records.export_asked").exists()


def test_a_unit_outside_her_part_is_refused(place: Place) -> None:
    northern = make_person("north@example.org")
    appoint(northern, unit=place.north, role=Role.MANAGER, at=LONG_AGO)
    make_record(place.south, number=1)
    make_record(place.harbour, number=2)
    client = enter(northern)

    assert client.get(f"{BASE}/first/records/?unit=S").status_code == 422
    rows = read_csv(client.get(f"{BASE}/first/records/export.csv"))
    assert [row[1] for row in rows[1:]] == ["Person 2"]


@pytest.mark.parametrize(
    ("address", "status"),
    [("leave/", 200), ("members/{}/move/", 200), ("members/{}/end/", 200)],
)
def test_looking_changes_nothing(place: Place, address: str, status: int) -> None:
    member = make_member(place.north)
    person = member.person if address == "leave/" else place.manager

    response = enter(person).get(f"{BASE}/first/{address.format(member.pk)}")

    assert response.status_code == status
    assert Membership.objects.get().until is None


# Lists.


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
    ("address", "queries"), [("", 7), ("people/", 10), ("records/", 9), ("invitations/", 7)]
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


# Changes by managers.


def invite_lines(client: Client, lines: str, unit: str = "N") -> Any:
    form = {"lines": lines, "unit": unit, "language": "fr"}
    return client.post(f"{BASE}/first/invitations/", form)


def test_many_are_invited_at_once(place: Place, manager: Client) -> None:
    response = invite_lines(manager, "a@example.org\n\n B@example.org ; 12 \n")

    assert response.status_code == 303
    rows = Invitation.objects.order_by("email").values_list(
        "email", "staff_number", "unit__code", "language", "invited_by"
    )
    assert list(rows) == [
        ("a@example.org", "", "N", "fr", place.manager.pk),
        ("b@example.org", "12", "N", "fr", place.manager.pk),
    ]


def test_every_wrong_line_is_named_and_everything_typed_is_kept(
    place: Place, manager: Client
) -> None:
    make_member(place.north, number="7")
    typed = "good@example.org\nnot an address\ngood@example.org;1\nx@example.org;1\ny@example.org;1"

    response = invite_lines(manager, typed, unit="S")

    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors == {
        "lines": [
            "Line 2: “not an address” is not an e-mail address.",
            "Line 3: “good@example.org” stands here a second time.",
            "Line 5: “1” stands here a second time.",
        ]
    }
    page = response.content.decode()
    assert typed in page
    assert '<option value="S" selected>' in page
    assert Invitation.objects.count() == 0


def test_all_are_invited_or_none(place: Place, manager: Client) -> None:
    make_member(place.north, number="7")

    response = invite_lines(manager, "a@example.org\nb@example.org;7")

    assert response.context["form"].errors == {
        "lines": ["Line 2: another member has the staff number 7."]
    }
    assert Invitation.objects.count() == 0


def test_nobody_is_invited_into_a_unit_that_is_not_hers(manager: Client, other: Place) -> None:
    other.north.code = "THEIRS"
    other.north.save()

    response = invite_lines(manager, "a@example.org", unit="THEIRS")

    assert response.status_code == 422


def test_too_many_lines_are_refused(manager: Client) -> None:
    lines = "\n".join(f"p{number}@example.org" for number in range(201))

    assert invite_lines(manager, lines).status_code == 422


def test_an_invitation_is_withdrawn(manager: Client) -> None:
    invite_lines(manager, "a@example.org")
    path = f"{BASE}/first/invitations/{Invitation.objects.get().pk}/withdraw/"

    assert manager.get(path).status_code == 405
    assert manager.post(path).status_code == 303
    assert Invitation.objects.get().withdrawn_at is not None


def test_a_manager_moves_and_ends_a_membership(place: Place, manager: Client) -> None:
    member = make_member(place.north)

    moved = manager.post(f"{BASE}/first/members/{member.pk}/move/", {"unit": "S"})
    now_there = Membership.objects.get(unit=place.south)
    ended = manager.post(f"{BASE}/first/members/{now_there.pk}/end/")

    assert (moved.status_code, ended.status_code) == (303, 303)
    assert not Membership.objects.filter(until__isnull=True).exists()


def test_a_move_to_nowhere_is_an_error(place: Place, manager: Client) -> None:
    member = make_member(place.north)

    response = manager.post(f"{BASE}/first/members/{member.pk}/move/", {"unit": ""})

    assert response.status_code == 422


# Members.


@pytest.fixture
def invitation(manager: Client) -> Invitation:
    invite_lines(manager, "anna@example.org;12")
    return Invitation.objects.get()


def test_a_visitor_reads_what_the_organisation_will_see(invitation: Invitation) -> None:
    page = enter(None).get(f"{BASE}/join/{invitation.token}/").content.decode()

    assert "<bdi>Organisation first</bdi> invites you" in page
    assert "It never sees your answers, your attempts, your scores or how long you took." in page
    assert f"/accounts/login/?next={BASE}/join/{invitation.token}/" in page


def test_the_invited_person_joins(invitation: Invitation) -> None:
    anna = make_person("anna@example.org", name="Anna Example")
    client = enter(anna)
    path = f"{BASE}/join/{invitation.token}/"

    assert client.get(path).context["form"].initial == {"name": "Anna Example"}
    assert Membership.objects.count() == 0
    assert client.post(path, {"name": "A. Example"}).status_code == 303
    assert Membership.objects.get().name == "A. Example"
    assert client.get(path).status_code == 410


def test_a_name_is_needed_to_join(invitation: Invitation) -> None:
    response = enter(make_person("anna@example.org")).post(
        f"{BASE}/join/{invitation.token}/", {"name": " "}
    )

    assert response.status_code == 422
    assert "<title>Error: Invitation" in response.content.decode()


def test_somebody_else_cannot_join(invitation: Invitation) -> None:
    response = enter(make_person("bert@example.org")).post(
        f"{BASE}/join/{invitation.token}/", {"name": "Bert"}
    )

    assert response.status_code == 403
    assert Membership.objects.count() == 0


def test_a_visitor_cannot_join(invitation: Invitation) -> None:
    enter(None).post(f"{BASE}/join/{invitation.token}/", {"name": "Anna"})

    assert Membership.objects.count() == 0


def test_an_unknown_invitation_is_not_found(place: Place) -> None:
    assert enter(None).get(f"{BASE}/join/unknown/").status_code == 404


def test_a_member_finds_her_organisation_and_leaves_it(place: Place) -> None:
    member = make_member(place.north)
    client = enter(member.person)

    assert "Organisation first" in client.get(f"{BASE}/").content.decode()
    assert client.post(f"{BASE}/first/leave/").status_code == 303
    assert Membership.objects.get().until is not None
    assert client.get(f"{BASE}/first/leave/").status_code == 404


def test_a_manager_finds_the_organisation(manager: Client) -> None:
    assert 'href="/en/organisations/first/"' in manager.get(f"{BASE}/").content.decode()


def test_who_belongs_nowhere_is_told_how_to_join() -> None:
    page = enter(make_person("anna@example.org")).get(f"{BASE}/").content.decode()

    assert "ask its training manager to invite you" in page


def test_what_she_completes_after_leaving_is_not_exported(place: Place, manager: Client) -> None:
    member = make_member(place.north)
    certify(person_of(member), course="before")
    enter(member.person).post(f"{BASE}/first/leave/")
    late = certify(person_of(member), course="after", at=Membership.objects.get().until or LATER)
    record_completion(late, at=late.issued_at)

    rows = read_csv(manager.get(f"{BASE}/first/records/export.csv"))

    assert [row[4] for row in rows] == ["Course code", "before"]
    assert Record.objects.count() == 1
