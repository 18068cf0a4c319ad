"""The review of a page's text in the CMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets import Button

from . import cms_views
from .models import TextPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wagtail.models import Page


@hooks.register("register_admin_urls")
def register_reviews() -> list[URLPattern]:
    """Add the form to the CMS."""
    return [path("text-reviews/<int:page_id>/", cms_views.review, name="pages_review")]


@hooks.register("register_page_header_buttons")
def lead_to_review(page: Page, user: Any, **_others: Any) -> Iterator[Button]:
    """Offer the form in the menu of a published text, to whom it concerns."""
    found = page.specific
    if (
        isinstance(found, TextPage)
        and found.live
        and found.permissions_for_user(user).can_publish()
    ):
        url = reverse("pages_review", args=[page.pk])
        yield Button(_("Review of the text"), url, icon_name="check", priority=90)
