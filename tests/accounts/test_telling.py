"""What an administrator does to a person or a setting is an event with who and why, or it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, Locale, Site, Task, Workflow

from tests.accounts.acting import HIDDEN, PERSON, WHY, sent
from tests.people import Cast, signed_in
from tutela.accounts.models import Event, User
from tutela.accounts.privacy import erase_person
from tutela.helplines.models import CountryEditor

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Pagination may yield:RuntimeWarning"),
]


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


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.kind} {act.address}")
def test_an_act_is_an_event_with_who_and_why_or_does_not_happen(
    cast: Cast, administrator: Client, names: dict[str, Any], act: Act
) -> None:
    before, events = rows(), Event.objects.count()

    asked = sent(administrator, act.address, act.form, names)
    assert (asked.status_code in {200, 422}, 'name="reason"' in asked.content.decode()) == (
        True,
        True,
    )
    assert (rows(), Event.objects.count()) == (before, events)

    done = sent(administrator, act.address, {**act.form, **WHY}, names)
    event = Event.objects.filter(kind=act.kind).latest("pk")
    assert (done.status_code, rows() != before) == (302, True)
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
