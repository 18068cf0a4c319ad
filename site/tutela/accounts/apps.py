"""The room of people."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "tutela.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
    default = True

    def ready(self) -> None:
        from django.contrib.auth.models import Group
        from wagtail.models import Collection, GroupApprovalTask, Locale, Site, Task, Workflow

        from tutela.work import jobs, watching

        from . import holdings, privacy, readings, receivers, roles, tasks, telling  # noqa: F401
        from .models import User

        privacy.register(
            privacy.Holding(
                name="account",
                label=_("Your account"),
                hold=holdings.hold_account,
                erase=holdings.erase_account,
            )
        )
        jobs.register(jobs.Job(name="send_due_mail", every=1, task=tasks.send_due_mail))
        jobs.register(
            jobs.Job(name="forget_old_addresses", every=jobs.DAY, task=tasks.forget_old_addresses)
        )
        jobs.register(
            jobs.Job(name="carry_out_due_resets", every=10, task=tasks.carry_out_due_resets)
        )
        watching.register(watching.Watched("mail", _("Mail"), readings.read_mail))
        telling.watch_roles()
        for model, name in (
            (User, "person"),
            (Group, "role"),
            (Site, "site"),
            (Locale, "language"),
            (Workflow, "workflow"),
            (Task, "task of a workflow"),
            (GroupApprovalTask, "task of a workflow"),
            (Collection, "collection"),
        ):
            telling.watch(model, called=name)
        post_migrate.connect(roles.after_migrating, dispatch_uid="accounts.ensure_roles")


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's pages of people, as we let administrators use them."""

    user_viewset = "tutela.accounts.cms_views.UserViewSet"
    group_viewset = "tutela.accounts.cms_views.GroupViewSet"
