"""What Wagtail writes to who works in the CMS: in her language, and stopped with one press."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from wagtail.admin.mail import send_notification
from wagtail.users.models import UserProfile

from tests.accounts.signing_in import make_person
from tutela.accounts.models import MailKind, User, WaitingMail
from tutela.accounts.notices import SWITCHES
from tutela.accounts.posting import put_in_post

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def reviewer() -> User:
    return make_person("reviewer@a.example", "Reviewers")


def notice(to: str = "reviewer@a.example", **headers: str) -> WaitingMail:
    return put_in_post(EmailMessage("A page waits", "Words", None, [to], headers=headers), at=AT)


def path_of(mail: WaitingMail) -> str:
    found = re.fullmatch(
        r"<http://localhost:8000(/accounts/notices/\S+)>",
        mail.content["headers"]["List-Unsubscribe"],
    )
    assert found is not None
    return found[1]


def switches(person: User) -> set[bool]:
    return set(UserProfile.objects.filter(user=person).values_list(*SWITCHES).get())


def test_a_notice_may_be_stopped_and_is_in_the_readers_language(reviewer: User) -> None:
    UserProfile.objects.create(user=reviewer, preferred_language="fr")

    mail = notice("Reviewer@a.example")

    assert mail.kind == MailKind.BULK
    assert mail.content["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert '<html lang="fr"' in mail.content["alternatives"][0][0]


def test_no_other_mail_is_taken_for_a_notice(reviewer: User) -> None:
    letter = notice(**MailKind.LETTER.header)
    foreign = notice("nobody@a.example")

    for mail in (letter, foreign):
        assert mail.kind == MailKind.LETTER
        assert "List-Unsubscribe" not in mail.content["headers"]


@pytest.mark.filterwarnings("ignore:get_connection")  # Wagtail's own way into the mailers
def test_a_mail_program_stops_what_wagtail_writes(reviewer: User) -> None:
    path = path_of(notice())

    answer = Client(enforce_csrf_checks=True).post(path, ONE_CLICK)

    assert answer.status_code == 200
    assert switches(reviewer) == {False}
    assert send_notification([reviewer], "approved", {}) is True
    assert WaitingMail.objects.count() == 1


def test_reading_changes_nothing_and_the_button_stops_and_allows(
    client: Client, reviewer: User
) -> None:
    path = path_of(notice())
    assert 'name="again"' not in client.get(path).content.decode()
    assert switches(reviewer) == {True}

    stopped = client.post(path)
    assert (stopped.status_code, stopped.headers["Location"]) == (303, path)
    assert 'name="again"' in client.get(path).content.decode()
    assert switches(reviewer) == {False}

    client.post(path, {"again": "1"})
    assert switches(reviewer) == {True}


def test_a_forged_address_is_none(client: Client, reviewer: User) -> None:
    for path in (f"/accounts/notices/{reviewer.pk}/", f"/accounts/notices/{reviewer.pk}:forged/"):
        assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]
    assert not UserProfile.objects.filter(user=reviewer).exists()
