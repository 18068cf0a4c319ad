"""The CMS: editors see and change the countries they were given, and nothing is verified by halves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.people import make_person, signed_in
from tests.resolver import Pattern, every_pattern
from tutela.helplines.models import CountryEditor, Helpline, NationalInformation, Status

from .records import make_helpline, make_information, verified

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from tests.people import Cast

pytestmark = pytest.mark.django_db
LIST = "/cms/snippets/helplines/helpline/"
BLANK = {"country": "AT", "kind": "chat", "name": "New", "status": "draft", "number": "", "url": ""}


@pytest.fixture
def editor(cast: Cast) -> Client:
    """Give the client of the editor of Austria."""
    return signed_in(cast.country_editor)


@pytest.fixture
def administrator(cast: Cast) -> Client:
    """Give the client of an administrator."""
    return signed_in(cast.administrator)


def today(days: int = 90) -> dict[str, Any]:
    return verified(timezone.localdate(), days=days)


OF_ONE = [
    pattern
    for pattern in every_pattern()
    if pattern.route.startswith(("cms/snippets/helplines/helpline/", "cms/snippets/helplines/nat"))
    if "pk" in pattern.places
]


@pytest.mark.parametrize("pattern", OF_ONE, ids=lambda pattern: pattern.route[23:60])
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_countrys_record_is_closed_at_every_address(
    editor: Client, pattern: Pattern, method: str
) -> None:
    maker = make_information if "nationalinformation" in pattern.route else make_helpline
    record = maker("FR", **today())
    revision = record.save_revision()
    address = f"/{pattern.route.partition('(')[0]}{record.pk}/revisions/compare/earliest...latest/"
    if not pattern.is_expression:
        address = pattern.fill({"pk": record.pk, "revision_id": revision.pk})

    answer = getattr(editor, method)(address, {"sent": "1"})

    assert answer.status_code == 404
    assert type(record).objects.filter(pk=record.pk).exists()


def test_there_are_such_addresses() -> None:
    names = {pattern.route.removeprefix("cms/snippets/helplines/") for pattern in OF_ONE}

    for name in ("edit", "delete", "usage", "history", "inspect"):
        assert f"helpline/{name}/<int:pk>/" in names
        assert f"nationalinformation/{name}/<int:pk>/" in names
    assert not [pattern for pattern in every_pattern() if "choose/helplines" in pattern.route]


def test_the_list_holds_ones_own_countries(editor: Client, administrator: Client) -> None:
    make_helpline(name="Ours", **today())
    make_helpline("FR", name="Theirs", **today())

    assert [name in editor.get(LIST).text for name in ("Ours", "Theirs")] == [True, False]
    assert [name in administrator.get(LIST).text for name in ("Ours", "Theirs")] == [True, True]


@pytest.mark.parametrize(("country", "added"), [("AT", 1), ("FR", 0), ("", 0)])
def test_a_record_is_added_to_ones_own_country(editor: Client, country: str, added: int) -> None:
    editor.post(f"{LIST}add/", BLANK | {"country": country})

    assert Helpline.objects.count() == added


def test_a_record_is_not_moved_to_another_country(editor: Client) -> None:
    record = make_helpline(status=Status.DRAFT)

    editor.post(f"{LIST}edit/{record.pk}/", BLANK | {"country": "FR"})
    record.refresh_from_db()
    assert (record.country, record.name) == ("AT", "A line")


def test_an_editor_without_a_country_edits_nothing(cast: Cast) -> None:
    CountryEditor.objects.all().delete()
    record, client = make_helpline(name="Ours", **today()), signed_in(cast.country_editor)

    assert "Ours" not in client.get(LIST).text
    assert client.get(f"{LIST}edit/{record.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, True),
        ({"number": "", "url": "https://chat.example/"}, True),
        ({"number": "", "url": ""}, False),
        ({"source_url": ""}, False),
        ({"verified_by": ""}, False),
        ({"review_due": "2099-01-01"}, False),
        ({"verified_on": "2099-01-01", "review_due": "2099-01-02"}, False),
    ],
)
def test_a_record_is_verified_whole(editor: Client, change: dict[str, str], kept: bool) -> None:
    sent = BLANK | {"number": "147"} | {name: str(value) for name, value in today().items()}

    editor.post(f"{LIST}add/", sent | {"status": "verified"} | change)

    assert Helpline.objects.verified().exists() is kept


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"number": "148"}, "147"),
        ({"number": "148", "verified_on": str(timezone.localdate())}, "148"),
        ({"number": "148", "status": "draft"}, "148"),
        ({"verified_by": "Somebody else"}, "147"),
    ],
)
def test_what_was_verified_changes_only_when_it_is_verified_again(
    editor: Client, change: dict[str, str], number: str
) -> None:
    before = verified(timezone.localdate() - timedelta(days=9), days=90)
    record = make_helpline(number="147", name="New", kind="chat", **before)
    sent = BLANK | {"number": "147"} | {name: str(value) for name, value in before.items()}

    editor.post(f"{LIST}edit/{record.pk}/", sent | {"status": "verified"} | change)
    record.refresh_from_db()

    assert record.number == number


def test_a_changed_draft_is_not_verified_by_the_day_before_the_change(editor: Client) -> None:
    before = verified(timezone.localdate() - timedelta(days=9), days=90)
    record = make_helpline(number="147", name="New", kind="chat", **before)
    sent = BLANK | {"number": "148"} | {name: str(value) for name, value in before.items()}

    editor.post(f"{LIST}edit/{record.pk}/", sent | {"status": "draft"})
    record.refresh_from_db()

    assert (record.number, record.verified_on, record.review_due) == ("148", None, None)


def test_a_slip_is_put_right_on_the_day_of_the_call(editor: Client) -> None:
    record = make_helpline(number="147", name="New", kind="chat", **today())
    sent = BLANK | {"number": "148"} | {name: str(value) for name, value in today().items()}

    editor.post(f"{LIST}edit/{record.pk}/", sent)
    record.refresh_from_db()

    assert (record.number, record.status) == ("148", Status.VERIFIED)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("country=AT", {"Fine", "Soon", "Old", "Draft"}),
        ("kind=chat", {"Soon"}),
        ("state=draft", {"Draft"}),
        ("state=verified", {"Fine", "Soon", "Swiss"}),
        ("state=expired", {"Old"}),
        ("state=expiring", {"Soon", "Old"}),
    ],
)
def test_the_list_is_narrowed(administrator: Client, query: str, names: set[str]) -> None:
    old = verified(timezone.localdate() - timedelta(days=100), days=90)
    make_helpline(name="Fine", **today())
    make_helpline(name="Soon", kind="chat", **today(days=10))
    make_helpline(name="Old", **old)
    make_helpline(name="Draft", status=Status.DRAFT)
    make_helpline("CH", name="Swiss", **today())

    page = administrator.get(f"{LIST}?{query}").text.partition("<tbody")[2]

    assert {name for name in ("Fine", "Soon", "Old", "Draft", "Swiss") if name in page} == names


@pytest.mark.parametrize("path", ["helplines/", "helplines/results/", "national-information/"])
def test_the_report_says_what_must_be_verified_again(editor: Client, path: str) -> None:
    maker = make_information if "national" in path else make_helpline
    german = {"language": "de"} if maker is make_information else {}
    maker("AT", **today(days=10) | {"verified_by": "Soon"})
    maker("AT", **today() | {"verified_by": "Fine"} | german)
    maker("FR", **today(days=10) | {"verified_by": "Theirs"})
    page = editor.get(f"/cms/reports/{path}").text

    assert [name for name in ("Soon", "Fine", "Theirs") if name in page] == ["Soon"]


def test_the_report_can_be_exported(editor: Client) -> None:
    make_helpline(**today(days=10))
    answer = editor.get("/cms/reports/helplines/?export=csv")

    assert "Vera Example" in answer.getvalue().decode()


@pytest.mark.parametrize("who", ["editor", "trainer"])
def test_the_report_is_in_the_menu_of_whom_it_concerns(cast: Cast, who: str) -> None:
    person = cast.country_editor if who == "editor" else cast.trainer

    menu = signed_in(person).get("/cms/").text

    assert ("/cms/reports/helplines/" in menu) is (who == "editor")


@pytest.mark.parametrize("path", ["helplines/", "national-information/"])
def test_the_report_is_closed_to_others(cast: Cast, path: str) -> None:
    assert signed_in(cast.trainer).get(f"/cms/reports/{path}").status_code == 302


def test_nobody_deletes_by_the_dozen_what_is_not_hers(editor: Client) -> None:
    ours, theirs = make_helpline(), make_helpline("FR")

    editor.post(f"/cms/bulk/helplines/helpline/delete/?id={ours.pk}&id={theirs.pk}&next=/cms/")

    assert list(Helpline.objects.all()) == [theirs]


@pytest.mark.parametrize(("who", "added"), [("country_editor", 1), ("trainer", 0)])
def test_only_who_is_in_the_group_is_given_a_country(
    cast: Cast, administrator: Client, who: str, added: int
) -> None:
    sent = {"person": getattr(cast, who).pk, "country": "FR", "reason": "Trained"}

    administrator.post("/cms/snippets/helplines/countryeditor/add/", sent)

    assert CountryEditor.objects.filter(country="FR").count() == added


def test_an_account_that_is_closed_edits_no_country(cast: Cast) -> None:
    from tutela.accounts.privacy import holdings

    held = next(holding for holding in holdings() if holding.name == "helplines")
    assert held.hold(cast.country_editor) == [{"what": "country editor", "country": "AT"}]

    held.erase(cast.country_editor, at=timezone.now())
    assert held.hold(cast.country_editor) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_queries_do_not_grow(
    editor: Client, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make_helpline(name=f"Line {number}", **today(days=10))
    editor.get(LIST)

    with django_assert_max_num_queries(23):
        editor.get(LIST)
    with django_assert_max_num_queries(23):
        editor.get("/cms/reports/helplines/")


def test_the_list_of_editors_asks_for_all_persons_at_once(
    administrator: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = "/cms/snippets/helplines/countryeditor/"
    administrator.get(address)
    with CaptureQueriesContext(connection) as few:
        administrator.get(address)
    for number in range(3):
        CountryEditor.objects.create(person=make_person(f"editor{number}"), country="FR")

    with django_assert_max_num_queries(len(few)):
        administrator.get(address)


def test_information_is_written_in_the_cms(editor: Client) -> None:
    sent = {"country": "AT", "language": "de", "status": "draft", "emergency_number": "133"}

    editor.post("/cms/snippets/helplines/nationalinformation/add/", sent)

    assert NationalInformation.objects.get().emergency_number == "133"
