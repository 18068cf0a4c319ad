"""The status page in the CMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import cms_views

if TYPE_CHECKING:
    from django.http import HttpRequest


@hooks.register("register_admin_urls")
def register_status() -> list[URLPattern]:
    """Add the page to the CMS."""
    return [path("status/", cms_views.status, name="upkeep_status")]


class StatusItem(MenuItem):
    """Shown to whom it concerns."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the person watches over the instance."""
        return bool(request.user.has_perm(cms_views.WATCHES))


@hooks.register("register_reports_menu_item")
def register_status_item() -> StatusItem:
    """Add the page to the reports."""
    return StatusItem(_("Status"), reverse("upkeep_status"), icon_name="info-circle", order=600)
