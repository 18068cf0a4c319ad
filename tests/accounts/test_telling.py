"""What an administrator does to a person or a setting is an event with who and why, or it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.admin.viewsets import viewsets
from wagtail.models import Collection, Locale, Site, Task, Workflow
from wagtail.snippets.models import get_snippet_models

from tests.people import Cast, make_person, signed_in
from tests.resolver import every_pattern
from tutela.accounts.models import Event, User, log_event
from tutela.accounts.privacy import erase_person
from tutela.helplines.models import CountryEditor

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Pagination may yield:RuntimeWarning"),
]
WHY = {"reason": "Asked for by her employer"}
PERSON = {"first_name": "A", "last_name": "B", "is_active": "on"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')


@pytest.fixture
def names(cast: Cast) -> dict[str, Any]:
    return {
        "learner": cast.learner.pk,
        "group": Group.objects.create(name="Helpers").pk,
        "authors": Group.objects.get(name="Authors").pk,
        "site": Site.objects.get().pk,
        "root": Site.objects.get().root_page_id,
        "locale": Locale.objects.create(language_code="es").pk,
        "workflow": Workflow.objects.get(name="Review and publication").pk,
        "task": Task.objects.get(name="Review").pk,
        "collection": Collection.get_first_root_node().add_child(name="Leaflets").pk,
        "top": Collection.get_first_root_node().pk,
        "editor": CountryEditor.objects.get().pk,
        "country_editor": cast.country_editor.pk,
    }


@pytest.fixture
def administrator(cast: Cast) -> Client:
    return signed_in(cast.administrator)


def rows() -> list[Any]:
    """Return what administrators may change."""
    return [
        sorted(
            User.objects.values_list("pk", "first_name", "is_active", "is_superuser", "groups"),
            key=str,
        ),
        sorted(Group.objects.values_list("pk", "name", "permissions"), key=str),
        *(
            list(model.objects.order_by("pk").values_list())
            for model in (Collection, CountryEditor, Locale, Site, Task, Workflow)
        ),
    ]


@dataclass(frozen=True)
class Act:
    """What an administrator sends, and the event that it becomes."""

    address: str
    form: dict[str, str]
    kind: str
    subject: str


ACTS = [
    Act("users/new/", {**PERSON, "email": "new@example.org"}, "person.made", "person"),
    Act("users/edit/{learner}/", PERSON, "person.changed", "person {learner}"),
    Act("users/edit/{learner}/", {**PERSON, "groups": "{authors}"}, "person.roles_given", "person {learner}"),
    Act("bulk/accounts/user/set_active_state/?id={learner}", {"mark_as_active": "False"}, "person.locked", "person {learner}"),
    Act("bulk/accounts/user/assign_role/?id={learner}", {"role": "{authors}"}, "person.roles_given", "person {learner}"),
    Act("groups/edit/{group}/", {"name": "Others"}, "role.changed", "role {group}"),
    Act("groups/delete/{group}/", {}, "role.deleted", "role {group}"),
    Act("sites/edit/{site}/", {"hostname": "other", "port": "80", "root_page": "{root}", "is_default_site": "on"}, "site.changed", "site {site}"),
    Act("locales/delete/{locale}/", {}, "language.deleted", "language {locale}"),
    Act("workflows/disable/{workflow}/", {}, "workflow.changed", "workflow {workflow}"),
    Act("workflows/tasks/disable/{task}/", {}, "task of a workflow.changed", "task of a workflow {task}"),
    Act("collections/{collection}/", {"name": "Papers", "parent": "{top}"}, "collection.changed", "collection {collection}"),
    Act("snippets/helplines/countryeditor/add/", {"person": "{country_editor}", "country": "FR"}, "country of an editor.made", "person {country_editor}"),
    Act("snippets/helplines/countryeditor/delete/{editor}/", {}, "country of an editor.deleted", "person {country_editor}"),
]  # fmt: skip


def sent(client: Client, address: str, form: dict[str, str], names: dict[str, Any]) -> Any:
    """Send a form as its page would, with the hidden fields that the page holds."""
    url = f"/cms/{address}".format(**names)
    shown = client.get(url).content.decode()
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(shown)}
    return client.post(
        url, {**hidden, **{name: value.format(**names) for name, value in form.items()}}
    )


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.kind} {act.address}")
def test_an_act_without_a_reason_does_not_happen(
    administrator: Client, names: dict[str, Any], act: Act
) -> None:
    before, events = rows(), Event.objects.count()

    answer = sent(administrator, act.address, act.form, names)

    assert answer.status_code in {200, 422}
    assert 'name="reason"' in answer.content.decode()
    assert (rows(), Event.objects.count()) == (before, events)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.kind} {act.address}")
def test_an_act_is_an_event_with_who_and_why(
    cast: Cast, administrator: Client, names: dict[str, Any], act: Act
) -> None:
    before = rows()

    answer = sent(administrator, act.address, {**act.form, **WHY}, names)

    event = Event.objects.filter(kind=act.kind).latest("pk")
    assert (answer.status_code, rows() != before) == (302, True)
    assert (event.actor, event.data["reason"]) == (cast.administrator, WHY["reason"])
    assert event.subject.startswith(act.subject.format(**names))


def test_the_page_that_asks_why_sends_the_same_again(
    administrator: Client, names: dict[str, Any]
) -> None:
    address = "bulk/accounts/user/assign_role/?id={learner}"
    asked = sent(administrator, address, {"role": "{authors}"}, names)
    kept = dict(HIDDEN.findall(asked.content.decode()))
    assert kept["role"] == str(names["authors"])

    again = administrator.post(f"/cms/{address}".format(**names), {**kept, **WHY})

    assert again.status_code == 302
    assert User.objects.get(pk=names["learner"]).groups.get().pk == names["authors"]


def test_an_event_names_the_changed_fields_and_not_what_they_hold(
    administrator: Client, names: dict[str, Any]
) -> None:
    sent(
        administrator,
        "users/edit/{learner}/",
        {"first_name": "Berta", "last_name": "B", **WHY},
        names,
    )

    event = Event.objects.get(kind="person.changed")
    assert event.data == {
        **WHY,
        "fields": ["first_name", "is_active", "last_name"],
        "active": False,
        "superuser": False,
    }


def test_a_role_that_is_taken_is_told(
    cast: Cast, administrator: Client, names: dict[str, Any]
) -> None:
    names["trainer"] = cast.trainer.pk

    sent(administrator, "users/edit/{trainer}/", {**PERSON, **WHY}, names)

    event = Event.objects.get(kind="person.roles_taken")
    assert (event.subject, event.data["roles"]) == (f"person {cast.trainer.pk}", [names["authors"]])


def test_what_nobody_does_in_the_cms_is_no_act(cast: Cast) -> None:
    before = Event.objects.count()
    cast.learner.first_name = "Berta"
    cast.learner.save()
    signed_in(cast.learner).post("/accounts/preferences/", {"first_name": "C", "language": "fr"})

    assert Event.objects.count() == before


def test_ones_own_language_in_the_cms_needs_no_reason(cast: Cast, administrator: Client) -> None:
    before = Event.objects.count()

    assert administrator.post("/cms/account/", {"locale-preferred_language": "fr"}).status_code in {
        200,
        302,
    }
    assert Event.objects.count() == before


def test_erasure_takes_the_reasons_along(
    cast: Cast, administrator: Client, names: dict[str, Any]
) -> None:
    sent(administrator, "users/edit/{learner}/", {**PERSON, **WHY}, names)

    erase_person(cast.learner, at=timezone.now())

    assert Event.objects.get(kind="person.changed").data["reason"] == ""


# Nobody is somebody else.


def test_no_address_lets_one_person_be_another() -> None:
    words = re.compile(
        r"hijack|impersonat|masquerad|login_as|loginas|switch.?user|sudo|become", re.IGNORECASE
    )

    assert [
        pattern.route
        for pattern in every_pattern()
        if words.search(f"{pattern.route} {pattern.name}")
    ] == []


def test_nobody_sets_anybody_elses_password(
    cast: Cast, administrator: Client, names: dict[str, Any]
) -> None:
    before = cast.learner.password
    form = {**PERSON, **WHY, "password": "x" * 20, "password1": "x" * 20, "password2": "x" * 20}

    shown = administrator.get(f"/cms/users/edit/{cast.learner.pk}/").content.decode()
    sent(administrator, "users/edit/{learner}/", form, names)

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


# The log of events.


@pytest.mark.parametrize(("role", "shown"), [("administrator", True), ("publisher", False)])
def test_the_log_is_for_administrators(cast: Cast, role: str, shown: bool) -> None:
    answer = signed_in(getattr(cast, role)).get("/cms/reports/events/")

    assert (answer.status_code == 200) is shown


def test_the_log_is_narrowed_by_kind_day_and_actor(
    cast: Cast, administrator: Client, names: dict[str, Any]
) -> None:
    sent(administrator, "users/edit/{learner}/", {**PERSON, **WHY}, names)
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


def test_the_file_of_events_holds_numbers_only(
    cast: Cast, administrator: Client, names: dict[str, Any]
) -> None:
    sent(administrator, "users/edit/{learner}/", {**PERSON, **WHY}, names)

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
