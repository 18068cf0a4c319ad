"""W4: what somebody sends after her session ended stands in its form again when she is back."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.utils import timezone

from courses.outline import QUIZ
from organisations.memberships import invite
from tests.courses.scene import answer_all, learner, read_lessons, steps_of
from tests.organisations.rows import enter, make_member, make_person, make_place
from tests.people import signed_in
from tutela.kit.keeping import COOKIE, LONGEST, SECONDS, keeping_post, kept_post

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.test import RequestFactory

pytestmark = pytest.mark.django_db

NOTICE = "You were signed out before this was saved."
NAME = "/en/learning/certificates/name/"
PREFERENCES = "/accounts/preferences/"
ORGANISATION = "/en/organisations/first"
GEORGIAN = "ა" * 120  # nine bytes a letter: as long as a name for the certificate can be


def test_W4_the_longest_name_for_the_certificate_waits_on_the_device_alone(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    path = f"{NAME}?next=/en/learning/"
    with caplog.at_level(logging.DEBUG):
        answer = client.post(path, {"name": GEORGIAN, "csrfmiddlewaretoken": "a" * 64})

    assert answer["Location"] == f"/accounts/login/?next={quote(path)}"
    cookie = answer.cookies[COOKIE]
    assert QueryDict(cookie.value).dict() == {"name": GEORGIAN}
    assert (cookie["path"], cookie["max-age"], cookie["httponly"]) == (NAME, SECONDS, True)
    assert GEORGIAN not in caplog.text + answer.text

    client.force_login(make_person("anna@example.org"))
    page = client.get(path).text
    assert f'value="{GEORGIAN}"' in page
    assert NOTICE in page
    sent = client.post(path, {"name": GEORGIAN, "next": "/en/learning/"})
    assert (sent["Location"], sent.cookies[COOKIE].value) == ("/en/learning/", "")
    assert NOTICE not in client.get(path).text


def test_W4_an_answer_sent_after_the_session_ended_is_there_after_signing_in(
    curriculum: None,
) -> None:
    person = learner()
    read_lessons(person, "foundation")
    attempt = answer_all(person, "foundation", steps_of("foundation", QUIZ)[0])
    item = attempt.items.get(position=3)
    item.response, item.answered_at = [], None
    item.save()
    client, path = signed_in(None), f"/en/learning/attempts/{attempt.pk}/3/"

    answer = client.post(path, {"choice": "2"})
    assert answer["Location"] == f"/accounts/login/?next={path}"
    assert (answer.cookies[COOKIE].value, answer.cookies[COOKIE]["path"]) == ("choice=2", path)
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.get(path).content.decode()

    assert "You were signed out before this was saved." in page
    assert re.search(r'value="2"[^>]* checked', page)
    assert client.post(path, {"choice": "2"}).cookies[COOKIE].value == ""
    item.refresh_from_db()
    assert item.response == [item.order[1]]


def test_W4_submitting_after_the_session_ended_leads_back_to_the_answers() -> None:
    answer = signed_in(None).post("/en/learning/attempts/1/submit/")
    assert answer["Location"] == "/accounts/login/?next=/en/learning/attempts/1/check/"


@pytest.mark.parametrize(
    ("path", "form", "shown"),
    [
        (PREFERENCES, {"first_name": "Ana", "language": "fr"}, ('value="Ana"', '"fr" selected')),
        (f"{ORGANISATION}/invitations/", {"lines": "x@example.org", "unit": "S"},
         (">\nx@example.org</textarea>", 'value="S" selected')),
        (f"{ORGANISATION}/members/{{}}/move/", {"unit": "S"}, ('value="S" selected',)),
        (f"{ORGANISATION[:-6]}/join/{{}}/", {"name": "Ana <A>"}, ('value="Ana &lt;A&gt;"',)),
    ],
)  # fmt: skip
def test_W4_every_short_form_is_kept(
    client: Client, path: str, form: dict[str, str], shown: tuple[str, ...]
) -> None:
    place = make_place()
    member = make_member(place.north)
    invitation = invite(
        place.north, email=place.manager.email, by=place.manager, at=timezone.now(), language="en"
    )
    path = path.format(invitation.token if "join" in path else member.pk)

    assert client.post(path, form)["Location"] == f"/accounts/login/?next={path}"
    back = enter(place.manager)
    back.cookies[COOKIE] = client.cookies[COOKIE].value
    page = back.get(path).text

    assert [text for text in (*shown, NOTICE) if text not in page] == []


@pytest.mark.parametrize(
    "path", ["/accounts/close/", "/accounts/login/", "/accounts/password/change/"]
)
def test_W4_no_confirmation_and_no_secret_is_kept(client: Client, path: str) -> None:
    answer = client.post(path, {"typed": "ana@example.org", "password": "secret"})
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"name": "x" * (LONGEST - len("name="))}, True),
        ({"name": "x" * LONGEST}, False),  # longer than headers may be
        ({"name": "Ana", "new_password": "secret"}, False),
    ],
)
def test_W4_what_is_too_long_or_secret_is_not_kept(
    rf: RequestFactory, form: dict[str, str], kept: bool
) -> None:
    request = rf.post("/form/", form)
    request.user = AnonymousUser()

    assert (COOKIE in keeping_post(lambda _: HttpResponse())(request).cookies) is kept


@pytest.mark.parametrize("value", ["", "x" * (LONGEST + 1)])
def test_W4_what_no_browser_was_given_is_not_shown(rf: RequestFactory, value: str) -> None:
    request: HttpRequest = rf.get("/form/")
    request.COOKIES[COOKIE] = value

    assert not kept_post(request)
    assert request.kept is False  # type: ignore[attr-defined]
