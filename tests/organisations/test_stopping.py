"""One press ends an organisation's invitations to one address; reading ends nothing."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from organisations.holding import erase, hold
from organisations.memberships import invite
from organisations.models import StoppedInvitations
from tests.organisations.rows import AT, LATER, Place, make_person, make_place
from tutela.accounts.models import MAIL_KIND_HEADER, MailKind

pytestmark = pytest.mark.django_db

ANNA = "anna@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def path(place: Place, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> str:
    """Return the path that the mail program is told to post to."""
    with django_capture_on_commit_callbacks(execute=True):
        invite(place.north, email=ANNA, by=place.manager, at=AT, language="fr")
    found = re.fullmatch(
        r"<http://localhost:8000(/fr/\S+)>", mail.outbox[0].extra_headers["List-Unsubscribe"]
    )
    assert found is not None
    return found[1]


def stopped() -> list[tuple[str, str]]:
    rows = StoppedInvitations.objects.order_by("pk")
    return list(rows.values_list("organisation__slug", "email"))


def test_an_invitation_may_be_stopped_and_says_how(path: str) -> None:
    [letter] = mail.outbox

    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.extra_headers[MAIL_KIND_HEADER] == str(MailKind.BULK.value)
    assert f"http://localhost:8000{path}" in letter.body.splitlines()


def test_a_mail_program_stops_them_without_cookie_and_redirect(path: str) -> None:
    client = Client(enforce_csrf_checks=True)

    answers = [client.post(path, ONE_CLICK).status_code for _twice in range(2)]

    assert answers == [200, 200]
    assert stopped() == [("first", ANNA)]


def test_reading_changes_nothing_and_the_button_stops_them(client: Client, path: str) -> None:
    assert 'name="again"' not in client.get(path).content.decode()
    assert stopped() == []

    answer = client.post(path)

    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert stopped() == [("first", ANNA)]
    assert 'name="again"' in client.get(path).content.decode()


def test_it_can_be_taken_back(client: Client, path: str) -> None:
    client.post(path)

    client.post(path, {"again": "1"})

    assert stopped() == []


def test_only_this_organisation_stops_writing_to_this_address(
    client: Client,
    place: Place,
    path: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client.post(path)
    other = make_place("second")
    mail.outbox.clear()

    with django_capture_on_commit_callbacks(execute=True):
        for where, email in ((place, ANNA), (place, "ben@example.org"), (other, ANNA)):
            invite(where.north, email=email, by=where.manager, at=LATER, language="en")

    senders = [(letter.to, letter.subject) for letter in mail.outbox]
    assert senders == [
        (["ben@example.org"], f"Your training at {place.organisation.name}"),
        ([ANNA], f"Your training at {other.organisation.name}"),
    ]


@pytest.mark.parametrize("token", ["1", "1:forged", "x:y"])
def test_a_forged_address_is_none(client: Client, path: str, token: str) -> None:
    forged = re.sub(r"join/[^/]+/", f"join/{token}/", path)

    assert [client.get(forged).status_code, client.post(forged).status_code] == [404, 404]
    assert stopped() == []


def test_what_was_stopped_is_handed_out_and_erased(client: Client, path: str) -> None:
    client.post(path)
    anna = make_person(ANNA)

    held = [row for row in hold(anna) if row["what"] == "stopped invitations"]
    erase(anna, at=LATER)

    assert [row["address"] for row in held] == [ANNA]
    assert stopped() == []
