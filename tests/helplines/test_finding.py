"""What is shown of a country on a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tutela.helplines.api import help_in
from tutela.helplines.finding import Help
from tutela.helplines.models import Kind, Status

from .records import DAY, make_helpline, make_information, verified

pytestmark = pytest.mark.django_db


def austria(language: str = "en", *, days: int = 0) -> Help:
    return help_in("AT", language=language, on=DAY + timedelta(days=days))


def test_helplines_stand_by_kind_the_nearest_first() -> None:
    make_helpline("001", name="World")
    make_helpline("150", name="Europe")
    make_helpline("AT", name="Own")
    make_helpline("AT", name="Emergency", kind=Kind.EMERGENCY)
    make_helpline("FR", name="Foreign")
    make_helpline("AT", name="Draft", status=Status.DRAFT)

    found = [(kind.value, [one.name for one in rows]) for kind, rows in austria().kinds]

    assert found == [("emergency", ["Emergency"]), ("child_helpline", ["Own", "Europe", "World"])]


@pytest.mark.parametrize(("language", "found"), [("de", "de"), ("en", "en"), ("ru", "de")])
def test_information_is_the_readers_where_it_can_be(language: str, found: str) -> None:
    make_information(language="en", **verified(days=90))
    make_information(language="de")
    help_ = austria(language)

    assert help_.information is not None
    assert help_.information.language == found
    assert help_.outdated is None


def test_what_holds_goes_before_the_readers_language() -> None:
    make_information(language="en", **verified(days=90))
    make_information(language="de")
    information = austria("en", days=100).information

    assert information is not None
    assert information.language == "de"


def test_expired_information_only_says_when_it_was_checked() -> None:
    expired = make_information()
    found = austria(days=181)

    assert (found.information, found.outdated, found.emergency_number) == (None, expired, "")


def test_what_is_verified_on_a_day_to_come_says_nothing() -> None:
    make_information()
    found = austria(days=-1)

    assert (found.information, found.outdated) == (None, None)


def test_a_draft_says_nothing() -> None:
    make_information(status=Status.DRAFT)
    found = austria()

    assert (found.information, found.outdated) == (None, None)


def test_a_device_keeps_one_line_a_kind_of_the_country_itself() -> None:
    make_information()
    make_helpline(number="147")
    make_helpline(kind=Kind.EMERGENCY, number="122")  # the page says the information's, too
    make_helpline(kind=Kind.PREVENTION, number="5")
    make_helpline("150", kind=Kind.MISSING_CHILDREN, number="116 000")

    due = "2026-08-29"
    assert austria().kept() == {
        "country": "AT",
        "lines": [
            {"kind": "emergency", "number": "133", "url": "", "due": due},
            {"kind": "child_helpline", "number": "147", "url": "", "due": due},
        ],
    }


def test_the_emergency_number_is_the_countrys_own() -> None:
    make_helpline("150", kind=Kind.EMERGENCY, number="112")
    assert austria().emergency_number == ""

    make_helpline(kind=Kind.EMERGENCY, number="122")
    assert austria().emergency_number == "122"

    make_information()
    assert austria().emergency_number == "133"
