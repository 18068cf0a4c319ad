"""The groups of the CMS and what they may do; put right after every migration.

What is missing is added, nothing is taken away: an administrator may give a group more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

if TYPE_CHECKING:
    from django.apps import AppConfig

AUTHORS, REVIEWERS, PUBLISHERS = "Authors", "Reviewers", "Publishers"
ADMINISTRATORS, COUNTRY_EDITORS = "Administrators", "Country editors"
WAGTAILS_OWN = ("Editors", "Moderators")

WRITE = (
    *(f"quizzes.{verb}_question" for verb in ("add", "change", "view")),
    *(f"courses.{verb}_term" for verb in ("add", "change", "view")),
    "courses.view_termlanguage",
)
# Which words are confirmed, and that somebody reviewed them, is no author's to say.
CONFIRM = tuple(f"courses.{verb}_termlanguage" for verb in ("add", "change", "view"))
TRANSLATE = ("wagtail_localize.submit_translation",)
LOCK = ("quizzes.lock_question", "quizzes.unlock_question")
RELEASE = ("courses.add_courserelease", "courses.change_courselanguage")
# Which countries a country editor was given says tutela.helplines, in its queries.
COUNTRIES = tuple(
    f"helplines.{verb}_{model}"
    for verb in ("add", "change", "delete", "view")
    for model in ("helpline", "nationalinformation")
)
# The rooms above are named by their permissions' codes only: this room may not import them.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    AUTHORS: (*WRITE, *TRANSLATE),
    REVIEWERS: (
        "quizzes.change_question", "quizzes.view_question", *LOCK, "courses.change_courselanguage",
        "courses.change_term", "courses.view_term", *CONFIRM,
    ),
    PUBLISHERS: (
        *WRITE, *TRANSLATE, *LOCK, *CONFIRM, "quizzes.publish_question", "courses.publish_term",
        *RELEASE,
    ),
    ADMINISTRATORS: (
        *WRITE, *TRANSLATE, *LOCK, "quizzes.publish_question", "quizzes.delete_question", *RELEASE,
        *CONFIRM, "courses.publish_term", "courses.delete_term", "courses.delete_termlanguage",
        *(f"accounts.{verb}_user" for verb in ("add", "change", "view")),
        *(f"auth.{verb}_group" for verb in ("add", "change", "view")),
        "accounts.add_factorreset", "accounts.change_factorreset", "accounts.view_factorreset",
        "accounts.view_event", "accounts.view_undeliverableaddress",
        "accounts.delete_undeliverableaddress",
        *(f"wagtailcore.{verb}_locale" for verb in ("add", "change")),
        *(f"wagtailcore.{verb}_workflow" for verb in ("add", "change")),
        *(f"wagtailcore.{verb}_task" for verb in ("add", "change")),
        *(f"organisations.{verb}_organisation" for verb in ("add", "change", "view")),
        *(f"organisations.{verb}_unit" for verb in ("add", "change", "view")),
        *(f"organisations.{verb}_appointment" for verb in ("add", "change", "view")),
        "certificates.revoke_certificate", "certificates.view_certificate",
        *COUNTRIES, "helplines.edit_every_country",
        *(f"helplines.{verb}_countryeditor" for verb in ("add", "change", "delete", "view")),
    ),
    COUNTRY_EDITORS: COUNTRIES,
}  # fmt: skip
PAGES: dict[str, tuple[str, ...]] = {
    AUTHORS: ("add_page", "change_page"),
    REVIEWERS: ("change_page", "lock_page", "unlock_page"),
    PUBLISHERS: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
    ADMINISTRATORS: (
        "add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page",
    ),
}  # fmt: skip
FILES = ("add_image", "change_image", "choose_image", "add_document", "choose_document")
FILE_ROLES = (AUTHORS, PUBLISHERS, ADMINISTRATORS)


def after_migrating(app_config: AppConfig, **kwargs: Any) -> None:
    """Put the roles right once every app has its permissions: after the last of them."""
    *_others, last = (config for config in apps.get_app_configs() if config.models_module)
    if app_config == last:
        ensure_roles()


def ensure_roles() -> None:
    """Make the groups, give them what they lack, and ask for review before publication."""
    for name, codes in PERMISSIONS.items():
        group, _new = Group.objects.get_or_create(name=name)
        group.permissions.add(*_permissions(("wagtailadmin.access_admin", *codes)))
    _ensure_pages()
    _ensure_files()
    _ensure_review()
    Group.objects.filter(name__in=WAGTAILS_OWN, user=None).delete()


def _permissions(codes: tuple[str, ...]) -> list[Permission]:
    found: list[Permission] = []
    for code in codes:
        app, _dot, codename = code.partition(".")
        found += Permission.objects.filter(content_type__app_label=app, codename=codename)
    return found


def _ensure_pages() -> None:
    root = Page.objects.filter(depth=1).first()
    if root is None:
        return
    for name, codenames in PAGES.items():
        for permission in Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=codenames
        ):
            GroupPagePermission.objects.get_or_create(
                group=Group.objects.get(name=name), page=root, permission=permission
            )


def _ensure_files() -> None:
    root = Collection.objects.filter(depth=1).first()
    if root is None:
        return
    for name in FILE_ROLES:
        for permission in Permission.objects.filter(
            content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=FILES
        ):
            GroupCollectionPermission.objects.get_or_create(
                group=Group.objects.get(name=name), collection=root, permission=permission
            )


def _ensure_review() -> None:
    """Two looks before anything an author wrote is seen: a reviewer's, then a publisher's."""
    root = Page.objects.filter(depth=1).first()
    workflow, new = Workflow.objects.get_or_create(name="Review and publication")
    if not new or root is None:
        return
    for order, (name, group) in enumerate((("Review", REVIEWERS), ("Publication", PUBLISHERS))):
        task = GroupApprovalTask.objects.create(name=name)
        task.groups.set(Group.objects.filter(name__in=(group, ADMINISTRATORS)))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    for question in ContentType.objects.filter(app_label="quizzes", model="question"):
        WorkflowContentType.objects.update_or_create(
            content_type=question, defaults={"workflow": workflow}
        )
    Workflow.objects.filter(name="Moderators approval").update(active=False)
