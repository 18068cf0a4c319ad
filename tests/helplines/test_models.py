"""What is shown on which day, and what the database refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests.people import make_person
from tutela.accounts.roles import ADMINISTRATORS, COUNTRY_EDITORS
from tutela.helplines import forms
from tutela.helplines.models import CountryEditor, Helpline, NationalInformation, State, Status

from .records import DAY, make_helpline, make_information, verified

if TYPE_CHECKING:
    from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "state", "shown"),
    [
        (-1, State.DRAFT, False),  # verified in the future: nobody did that yet
        (0, State.VERIFIED, True),
        (180, State.VERIFIED, True),
        (181, State.EXPIRED, False),
    ],
)
def test_a_verified_record_is_shown_until_its_review_is_due(
    days: int, state: State, shown: bool
) -> None:
    helpline, day = make_helpline(), DAY + timedelta(days=days)

    assert helpline.state(on=day) == state
    assert [one for one in State if Helpline.objects.in_state(one, on=day).exists()] == [state]
    assert Helpline.objects.shown(on=day).exists() is shown


def test_a_draft_is_never_shown() -> None:
    draft = make_helpline(status=Status.DRAFT)

    assert draft.state(on=DAY) == State.DRAFT
    assert Helpline.objects.in_state(State.DRAFT, on=DAY).exists()
    assert not Helpline.objects.shown(on=DAY).exists()


@pytest.mark.parametrize(
    ("days", "expected"), [(149, []), (151, ["expiring"]), (181, ["expired", "expiring"])]
)
def test_what_expires_is_found_a_month_before(days: int, expected: list[str]) -> None:
    make_helpline()
    day = DAY + timedelta(days=days)
    found = {
        "expired": Helpline.objects.expired(on=day),
        "expiring": Helpline.objects.expiring(on=day),
    }

    assert [name for name, records in found.items() if records.exists()] == expected


INCOMPLETE: list[dict[str, Any]] = [
    {"number": "", "url": ""},
    {"source_url": ""},
    {"verified_by": ""},
    {"verified_on": None},
    {"review_due": None},
    {"review_due": DAY + timedelta(days=181)},
    {"review_due": DAY - timedelta(days=1)},
]


@pytest.mark.parametrize("fields", INCOMPLETE)
def test_a_helpline_is_verified_whole_or_not_at_all(fields: dict[str, Any]) -> None:
    basis = {"country": "AT", "name": "A line", "kind": "chat", "number": "1"} | verified()

    with pytest.raises(ValidationError):
        Helpline(**(basis | fields)).full_clean()
    with pytest.raises(IntegrityError):
        make_helpline(**fields)


@pytest.mark.parametrize("fields", [{"emergency_number": ""}, {"reporting_duty_summary": ""}])
def test_information_is_verified_whole_or_not_at_all(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        make_information(**fields)


def test_a_web_address_stands_in_for_a_number() -> None:
    make_helpline(number="", url="https://chat.example/").full_clean()


@pytest.mark.parametrize("number", ["javascript:1", "12a", "+"])
def test_a_number_can_be_dialled(number: str) -> None:
    helpline = make_helpline(status=Status.DRAFT)
    helpline.number = number

    with pytest.raises(ValidationError, match="digits"):
        helpline.full_clean()


def test_a_country_has_one_information_a_language() -> None:
    make_information()

    with pytest.raises(IntegrityError):
        make_information()


def test_an_editor_has_her_countries_and_an_administrator_all(cast: Cast) -> None:
    theirs, french = make_helpline("AT"), make_helpline("FR")
    whom = [cast.country_editor, make_person("deputy", ADMINISTRATORS), cast.trainer]

    found = [set(Helpline.objects.edited_by(person)) for person in whom]

    assert found == [{theirs}, {theirs, french}, set()]
    assert not Helpline.objects.edited_by(AnonymousUser()).exists()


def test_the_group_is_the_one_of_the_roles() -> None:
    assert forms.COUNTRY_EDITORS == COUNTRY_EDITORS


def test_records_say_what_they_are() -> None:
    editor = CountryEditor(person=make_person("editor"), country="AT")

    assert str(editor).endswith("· Austria")
    assert str(make_helpline()) == "Austria · A line"
    assert str(make_information()) == "Austria · English"
    assert NationalInformation.objects.verified().count() == 1
    assert make_helpline(languages="de").language_names == ["German"]
    assert date(2026, 8, 29) == verified()["review_due"]
