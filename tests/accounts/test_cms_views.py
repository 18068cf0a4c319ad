"""Nobody is somebody else in the CMS; and who reads the log of events."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.admin.viewsets import viewsets
from wagtail.snippets.models import get_snippet_models

from tests.accounts.acting import PERSON, WHY, sent
from tests.people import Cast, make_person, signed_in
from tests.resolver import every_pattern
from tutela.accounts.models import Event, User, log_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(cast: Cast) -> Client:
    return signed_in(cast.administrator)


def names_of(cast: Cast) -> dict[str, Any]:
    return {"learner": cast.learner.pk}


def test_no_address_lets_one_person_be_another() -> None:
    words = re.compile(
        r"hijack|impersonat|masquerad|login_as|loginas|switch.?user|sudo|become", re.IGNORECASE
    )

    assert [
        pattern.route
        for pattern in every_pattern()
        if words.search(f"{pattern.route} {pattern.name}")
    ] == []


def test_nobody_sets_anybody_elses_password(cast: Cast, administrator: Client) -> None:
    before = cast.learner.password
    form = {**PERSON, **WHY, "password": "x" * 20, "password1": "x" * 20, "password2": "x" * 20}

    shown = administrator.get(f"/cms/users/edit/{cast.learner.pk}/").content.decode()
    sent(administrator, "users/edit/{learner}/", form, names_of(cast))

    cast.learner.refresh_from_db()
    assert ('type="password"' in shown, cast.learner.password) == (False, before)
    with pytest.raises(CommandError, match="Nobody sets"):
        call_command("changepassword", cast.learner.email)


@pytest.mark.parametrize(
    "model",
    [
        "accounts.WaitingMail",
        "mfa.Authenticator",
        "sessions.Session",
        "usersessions.UserSession",
        "account.EmailAddress",
    ],
)
def test_no_list_of_the_cms_shows_codes_or_sessions(model: str) -> None:
    listed = [found.model for found in viewsets.viewsets if hasattr(found, "model")]
    shown = [found if isinstance(found, str) else found._meta.label for found in listed]
    shown += [found._meta.label for found in get_snippet_models()]

    assert len(shown) > 10
    assert model not in shown


def test_who_is_made_a_superuser_on_the_machine_is_told_of(db: None) -> None:
    call_command(
        "createsuperuser",
        interactive=False,
        email="root@example.org",
        reason="The first",
        verbosity=0,
    )

    event = Event.objects.get(kind="person.made")
    assert (event.actor, event.data) == (None, {"reason": "The first", "superuser": True})
    assert event.subject == f"person {User.objects.get(email='root@example.org').pk}"


@pytest.mark.parametrize(("role", "shown"), [("administrator", True), ("publisher", False)])
def test_the_log_is_for_administrators(cast: Cast, role: str, shown: bool) -> None:
    answer = signed_in(getattr(cast, role)).get("/cms/reports/events/")

    assert (answer.status_code == 200) is shown


def test_the_log_is_narrowed_by_kind_day_and_actor(cast: Cast, administrator: Client) -> None:
    sent(administrator, "users/edit/{learner}/", {**PERSON, **WHY}, names_of(cast))
    today = timezone.localdate().isoformat()

    for query, found in (
        ("kind=person.", True),
        ("kind=role.", False),
        (f"actor={cast.administrator.pk}", True),
        (f"actor={cast.trainer.pk}", False),
        (f"at_from={today}", True),
        ("at_to=2020-01-01", False),
        (f"subject=person+{cast.learner.pk}", True),
    ):
        page = administrator.get(f"/cms/reports/events/?{query}").content.decode()
        assert (WHY["reason"] in page) is found, query


def test_the_file_of_events_holds_numbers_only(cast: Cast, administrator: Client) -> None:
    sent(administrator, "users/edit/{learner}/", {**PERSON, **WHY}, names_of(cast))

    answer = administrator.get("/cms/reports/events/?export=csv&kind=person.changed")
    head, line = b"".join(answer).decode("utf-8-sig").splitlines()

    assert len(head.split(",")) == 5
    assert line.split(",")[2:] == [
        "person.changed",
        str(cast.administrator.pk),
        f"person {cast.learner.pk}",
    ]


@pytest.mark.parametrize("events", [1, 3])
def test_the_logs_queries_do_not_grow(
    cast: Cast, administrator: Client, events: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(events):
        log_event("thing.done", subject="thing", at=timezone.now(), actor=make_person(f"p{number}"))
    administrator.get("/cms/reports/events/")

    with django_assert_max_num_queries(20):
        administrator.get("/cms/reports/events/?kind=thing")
