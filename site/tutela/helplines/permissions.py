"""Whose records a person may edit: those of the countries she was given, asked in the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.permission_policies import ModelPermissionPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from tutela.accounts.models import User

    from .models import Dated

EVERY_COUNTRY = "helplines.edit_every_country"
ANY = ("add", "change", "delete", "view")


class CountryPolicy(ModelPermissionPolicy):
    """A group gives the verbs, a `CountryEditor` the rows; Wagtail asks here for everything."""

    def instances_user_has_any_permission_for(
        self, user: User, actions: Iterable[str]
    ) -> QuerySet[Dated]:
        """Return the records that the person may do one of these to."""
        allowed: QuerySet[Dated] = super().instances_user_has_any_permission_for(user, actions)
        mine: QuerySet[Dated] = allowed & self.model.objects.edited_by(user)
        return mine

    def user_has_permission_for_instance(self, user: User, action: str, instance: Dated) -> bool:
        """Return whether the person may do this to this record, as it is stored."""
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def user_has_any_permission_for_instance(
        self, user: User, actions: Iterable[str], instance: Dated
    ) -> bool:
        """Return whether the person may do one of these to this record, as it is stored."""
        if instance.pk is None:
            return bool(self.user_has_any_permission(user, actions))
        mine = self.instances_user_has_any_permission_for(user, actions)
        return bool(mine.filter(pk=instance.pk).exists())
