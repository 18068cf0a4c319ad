"""Certificates in the CMS, for administrators: look one up, and revoke it."""

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
def register_certificates() -> list[URLPattern]:
    """Add the administrators' pages to the CMS."""
    return [
        path("certificates/", cms_views.certificates, name="certificates_cms"),
        path("certificates/<int:pk>/revoke/", cms_views.revoke, name="certificates_revoke"),
    ]


class CertificatesItem(MenuItem):
    """Shown to whom it concerns."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the person may look certificates up."""
        return bool(request.user.has_perm("certificates.view_certificate"))


@hooks.register("register_settings_menu_item")
def register_certificates_item() -> CertificatesItem:
    """Add the page to the settings."""
    return CertificatesItem(
        _("Certificates"), reverse("certificates_cms"), icon_name="clipboard-list", order=610
    )
