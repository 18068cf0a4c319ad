"""Who owes a second factor is let nowhere before it is set up and given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupApprovalTask

from tests.accounts.signing_in import (
    PASSWORD,
    app_code,
    by_password,
    give_app,
    mailed_code,
    make_person,
    recovery_code,
)
from tutela.accounts import holdings
from tutela.accounts.models import User

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries, Settings

pytestmark = pytest.mark.django_db

SET_UP = "/accounts/2fa/"
GIVE = "/accounts/2fa/reauthenticate/"


@pytest.fixture(autouse=True)
def _demanded(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


def sent_to(client: Client, path: str = "/cms/") -> str:
    """Return where a reading of the page is sent, without its query; '' where it is shown."""
    return client.get(path).headers.get("Location", "").partition("?")[0]


@pytest.mark.parametrize("group", ["Authors", "Reviewers", "Publishers", "Administrators"])
def test_a_role_without_a_factor_must_set_one_up(client: Client, group: str) -> None:
    client.force_login(make_person("a@a.example", group))

    assert [sent_to(client, path) for path in ("/cms/", "/accounts/data/")] == [SET_UP, SET_UP]


def test_a_superuser_and_whoever_enters_the_cms_must_have_one(client: Client) -> None:
    door = Permission.objects.get(codename="access_admin")
    ruler = make_person("ruler@a.example", is_superuser=True)
    guest = make_person("guest@a.example")
    guest.user_permissions.add(door)
    own = make_person("own@a.example")
    own.groups.add(Group.objects.create(name="Visitors"))
    Group.objects.get(name="Visitors").permissions.add(door)

    for person in (ruler, guest, own):
        client.force_login(person)
        assert sent_to(client) == SET_UP


def test_a_learner_owes_nothing(client: Client) -> None:
    client.force_login(make_person())

    assert client.get("/accounts/data/").status_code == 200


def test_the_question_costs_no_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, settings: Settings
) -> None:
    client.force_login(make_person())
    for demanded in (True, False):
        settings.REQUIRE_SECOND_FACTOR = demanded
        with django_assert_num_queries(2):  # the session and the person
            client.get("/accounts/preferences/")


def test_a_session_by_password_alone_must_give_the_factor_that_exists(client: Client) -> None:
    client.force_login(give_app(make_person("a@a.example", "Authors")))

    assert [sent_to(client, path) for path in ("/cms/", SET_UP, "/accounts/email/")] == [GIVE] * 3
    client.post(f"{GIVE}?next=/cms/", {"code": app_code(), "next": "/cms/"})
    assert sent_to(client) == ""


@pytest.mark.parametrize("means", ["password", "code", "reset"])
def test_no_way_of_signing_in_goes_round_the_factor(client: Client, means: str) -> None:
    give_app(make_person("a@a.example", "Administrators"))
    if means == "code":
        client.post("/accounts/login/code/", {"email": "a@a.example"})
        client.post("/accounts/login/code/confirm/", {"code": mailed_code()})
    elif means == "reset":
        client.post("/accounts/password/reset/", {"email": "a@a.example"})
        client.post("/accounts/password/reset/confirm/", {"code": mailed_code()})
        new = {"password1": "another long password", "password2": "another long password"}
        client.post("/accounts/password/reset/complete/", new)
    else:
        by_password(client, "a@a.example")

    assert sent_to(client) == "/accounts/login/"


@pytest.mark.parametrize("means", ["app", "recovery code"])
def test_signing_in_with_the_factor_opens_the_cms(client: Client, means: str) -> None:
    person = give_app(make_person("a@a.example", "Authors"))
    by_password(client, "a@a.example", next="/cms/")
    code = app_code() if means == "app" else recovery_code(person)

    answer = client.post("/accounts/2fa/authenticate/", {"code": code})

    assert answer.headers["Location"] == "/cms/"
    assert client.get("/cms/").status_code == 200


@pytest.mark.django_db(transaction=True)  # allauth tells us on commit, within its request
def test_setting_an_app_up_gives_it_and_leads_on(client: Client) -> None:
    make_person("a@a.example", "Authors")
    by_password(client, "a@a.example")
    assert sent_to(client) == SET_UP
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]

    client.post("/accounts/2fa/totp/activate/", {"code": app_code(secret)})

    assert client.get("/accounts/start/").headers["Location"] == "/cms/"
    assert client.get("/cms/").status_code == 200
    assert Authenticator.objects.count() == 2


def test_a_new_role_counts_from_the_next_request_on(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    assert sent_to(client, "/accounts/data/") == ""

    person.groups.add(Group.objects.get(name="Reviewers"))

    assert sent_to(client, "/accounts/data/") == SET_UP


def test_a_removed_factor_counts_from_the_next_request_on(client: Client) -> None:
    person = give_app(make_person("a@a.example", "Authors"))
    client.force_login(person)
    client.post(GIVE, {"code": app_code()})
    assert sent_to(client) == ""

    Authenticator.objects.filter(user=person).delete()

    assert sent_to(client) == SET_UP


def test_the_factor_of_another_person_is_no_factor(client: Client) -> None:
    give_app(make_person("a@a.example", "Authors"))
    other = give_app(make_person("b@a.example", "Authors"))
    by_password(client, "a@a.example")
    client.post("/accounts/2fa/authenticate/", {"code": app_code()})
    client.force_login(other)

    assert sent_to(client) == GIVE


def test_a_form_comes_back_as_a_reading_and_a_script_is_refused(client: Client) -> None:
    client.force_login(make_person("a@a.example", "Authors"))

    assert client.post("/cms/").status_code == 303
    assert client.get("/cms/", headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 403


def test_leaving_is_always_possible(client: Client) -> None:
    client.force_login(make_person("a@a.example", "Authors"))

    client.post("/accounts/logout/")

    assert sent_to(client) == "/accounts/login/"


@pytest.mark.parametrize(
    "path",
    [
        "/cms/login/",
        "/cms/login/?next=/cms/pages/",
        "/cms/password_reset/",
        "/cms/password_reset/done/",
        "/cms/password_reset/confirm/MQ/set-password/",
        "/cms/password_reset/complete/",
    ],
)
def test_the_cms_has_no_door_of_its_own(client: Client, path: str) -> None:
    make_person("a@a.example", "Administrators")
    fields = {"username": "a@a.example", "email": "a@a.example", "password": PASSWORD}

    answers = [client.get(path), client.post(path, fields)]

    assert {answer.status_code for answer in answers} == {303 if "login" in path else 404}
    assert sent_to(client) == "/accounts/login/"


# A11
def test_the_cms_sends_to_the_one_sign_in_and_nowhere_else(client: Client) -> None:
    answers = [
        client.get(f"/cms/login/?next={wanted}").headers["Location"]
        for wanted in ("/cms/pages/", "//evil.example", "https://evil.example/cms/")
    ]

    assert answers == [
        "/accounts/login/?next=%2Fcms%2Fpages%2F",
        "/accounts/login/?next=%2Fcms%2F",
        "/accounts/login/?next=%2Fcms%2F",
    ]


def test_the_cms_signs_out_as_everywhere(client: Client, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_person("a@a.example", "Authors"))

    answer = client.post("/cms/logout/")

    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert sent_to(client) == "/accounts/login/"


def test_ended_sessions_are_dead_at_once(client: Client) -> None:
    person = make_person()
    by_password(client)

    holdings.end_sessions(person)

    assert sent_to(client, "/accounts/data/") == "/accounts/login/"


def test_an_inactive_person_is_signed_out_at_once(client: Client) -> None:
    person = make_person()
    client.force_login(person)

    User.objects.filter(pk=person.pk).update(is_active=False)

    assert sent_to(client, "/accounts/data/") == "/accounts/login/"


@pytest.mark.parametrize(
    ("path", "preference", "shown"),
    [
        ("/accounts/preferences/", "", "en"),
        ("/accounts/preferences/", "fr", "fr"),
        ("/accounts/preferences/?lang=en", "fr", "en"),
        ("/accounts/preferences/?lang=xx", "fr", "fr"),
    ],
)
def test_the_language_is_asked_for_then_preferred(
    client: Client, path: str, preference: str, shown: str
) -> None:
    client.force_login(make_person(language=preference))

    assert f'<html lang="{shown}"' in client.get(path).content.decode()


def test_times_are_shown_in_the_persons_zone(client: Client) -> None:
    client.force_login(make_person(time_zone="Asia/Almaty"))

    client.get("/accounts/preferences/")

    assert timezone.get_current_timezone_name() == "Asia/Almaty"


def test_what_is_reviewed_is_published_by_another_role() -> None:
    tasks = GroupApprovalTask.objects.filter(
        workflow_tasks__workflow__name="Review and publication"
    )

    assert {task.name: {group.name for group in task.groups.all()} for task in tasks} == {
        "Review": {"Reviewers", "Administrators"},
        "Publication": {"Publishers", "Administrators"},
    }


def test_who_comes_from_a_french_page_goes_on_in_french(db: None) -> None:
    client = Client(headers={"host": "localhost", "accept-language": "en"})

    first = client.get("/accounts/signup/?next=/fr/courses/")
    after = client.get("/accounts/login/")

    assert [answer.headers["Content-Language"] for answer in (first, after)] == ["fr", "fr"]


def test_prefixed_pages_set_no_language_cookie(db: None) -> None:
    answer = Client(headers={"host": "localhost"}).get("/fr/nowhere/?lang=en")

    assert "language" not in answer.cookies
