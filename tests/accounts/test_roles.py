"""The groups of the CMS and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page, Workflow, WorkflowPage

from tests.accounts.signing_in import make_person
from tutela.accounts import roles

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_roles_are_the_only_groups() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.PERMISSIONS)


@pytest.mark.parametrize("name", roles.PERMISSIONS)
def test_every_permission_that_is_named_exists(name: str) -> None:
    held = {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Permission.objects.filter(group__name=name).select_related("content_type")
    }

    assert held == {*roles.PERMISSIONS[name], "wagtailadmin.access_admin"}


@pytest.mark.parametrize("name", roles.PAGES)
def test_pages_are_written_by_many_and_published_by_few(name: str) -> None:
    held = GroupPagePermission.objects.filter(group__name=name, page__depth=1)

    assert set(held.values_list("permission__codename", flat=True)) == set(roles.PAGES[name])
    publishes = "publish_page" in roles.PAGES[name]
    assert publishes is (name in {"Publishers", "Administrators"})


def test_a_second_run_changes_nothing_and_keeps_what_was_given() -> None:
    given = Permission.objects.get(codename="view_event")
    Group.objects.get(name="Authors").permissions.add(given)
    before = list(Group.permissions.through.objects.order_by("pk").values())

    roles.ensure_roles()

    assert list(Group.permissions.through.objects.order_by("pk").values()) == before
    assert Workflow.objects.filter(active=True).count() == 1


def test_wagtails_own_groups_go_only_when_they_are_empty() -> None:
    Group.objects.create(name="Editors")
    kept = Group.objects.create(name="Moderators")
    make_person().groups.add(kept)

    roles.ensure_roles()

    assert set(Group.objects.filter(name__in=roles.WAGTAILS_OWN)) == {kept}


def test_review_is_asked_for_everywhere() -> None:
    assert WorkflowPage.objects.get().page == Page.objects.get(depth=1)


@pytest.mark.parametrize("name", roles.PERMISSIONS)
def test_every_role_enters_the_cms(client: Client, name: str) -> None:
    client.force_login(make_person("a@a.example", name))

    assert client.get("/cms/").status_code == 200


@pytest.mark.parametrize("path", ["/cms/users/", "/cms/groups/", "/cms/second-factors/"])
@pytest.mark.parametrize("name", roles.PERMISSIONS)
def test_only_administrators_manage_people(client: Client, name: str, path: str) -> None:
    client.force_login(make_person("a@a.example", name))

    status = client.get(path).status_code

    assert (status == 200) is (name == "Administrators")
