"""The resets of second factors in the CMS, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import views
from .cms_views import refuse_rulers
from .models import User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest


@hooks.register("register_admin_urls")
def register_factor_resets() -> list[URLPattern]:
    """Add the administrators' pages to the CMS."""
    return [
        path("second-factors/", views.factor_resets, name="accounts_factor_resets"),
        path(
            "second-factors/<int:pk>/stop/", views.stop_from_cms, name="accounts_stop_factor_reset"
        ),
    ]


class FactorResetsItem(MenuItem):
    """Shown to whom it concerns."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the person may reset second factors."""
        return bool(request.user.has_perm("accounts.add_factorreset"))


@hooks.register("register_settings_menu_item")
def register_factor_resets_item() -> FactorResetsItem:
    """Add the page to the settings."""
    return FactorResetsItem(
        _("Second factors"), reverse("accounts_factor_resets"), icon_name="key", order=620
    )


class WelfareItem(MenuItem):
    """Leads out of the CMS to the page of the site, in the language of whoever works here."""

    def __init__(self) -> None:
        super().__init__(_("Your own welfare"), "", name="welfare", icon_name="help", order=900)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        """Return the link in the language of the moment."""
        self.url = f"/{get_language()}/trainers-welfare/"
        return super().render_component(request)


@hooks.register("register_admin_menu_item")
def register_welfare_item() -> WelfareItem:
    """Show everybody who works with this material where to read how to look after themselves."""
    return WelfareItem()


@hooks.register("before_bulk_action")
def guard_people(
    request: HttpRequest, action_type: str, objects: Sequence[object], action: object
) -> None:
    """Let a bulk action delete nobody, and touch no superuser but by a superuser."""
    people = [found for found in objects if isinstance(found, User)]
    if people and action_type == "delete":
        raise PermissionDenied
    refuse_rulers(request.user, people)
