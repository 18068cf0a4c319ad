"""What administrators find in the CMS: resets of second factors, undeliverable addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path, reverse
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import mail_views, views
from .cms_views import EventReport, refuse_rulers
from .models import User
from .telling import tell_people

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


@hooks.register("register_admin_urls")
def register_events() -> list[URLPattern]:
    """Add the log of events, whole and as what a filter exchanges."""
    return [
        path("reports/events/", EventReport.as_view(), name="accounts_events"),
        path(
            "reports/events/results/",
            EventReport.as_view(results_only=True),
            name="accounts_events_results",
        ),
    ]


class EventsItem(MenuItem):
    """Shown to whom it concerns."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the person may read the log of events."""
        return bool(request.user.has_perm("accounts.view_event"))


@hooks.register("register_reports_menu_item")
def register_events_item() -> EventsItem:
    """Add the log to the reports."""
    return EventsItem(_("Events"), reverse("accounts_events"), icon_name="history", order=610)


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


@hooks.register("register_admin_urls")
def register_undeliverable_addresses() -> list[URLPattern]:
    """Add the list of addresses that mail does not reach."""
    return [
        path("undeliverable/", mail_views.undeliverable_addresses, name="accounts_undeliverable"),
        path("undeliverable/<int:pk>/again/", mail_views.send_again, name="accounts_send_again"),
    ]


class UndeliverableAddressesItem(MenuItem):
    """Shown to whom it concerns."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the person may see the addresses."""
        return bool(request.user.has_perm("accounts.view_undeliverableaddress"))


@hooks.register("register_reports_menu_item")
def register_undeliverable_addresses_item() -> UndeliverableAddressesItem:
    """Add the list to the reports."""
    return UndeliverableAddressesItem(
        _("Undeliverable addresses"),
        reverse("accounts_undeliverable"),
        icon_name="mail",
        order=1200,
    )


def welfare_address() -> str:
    """Return where those who work with this material read how to look after themselves."""
    language = get_language()
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return f"/{known}/trainers-welfare/"


@hooks.register("register_admin_menu_item")
def register_welfare_item() -> MenuItem:
    """Lead everybody in the CMS to it."""
    url = lazy(welfare_address, str)()  # in the language of the moment
    return MenuItem(_("Your own welfare"), url, name="welfare", icon_name="help", order=900)


@hooks.register("before_bulk_action")
def guard_people(
    request: HttpRequest, action_type: str, objects: Sequence[object], action: object
) -> None:
    """Let a bulk action delete nobody, and touch no superuser but by a superuser."""
    people = [found for found in objects if isinstance(found, User)]
    if people and action_type == "delete":
        raise PermissionDenied
    refuse_rulers(request.user, people)


@hooks.register("after_bulk_action")
def tell_of_locks(
    request: HttpRequest, action_type: str, objects: Sequence[object], action: Any
) -> None:
    """Tell whom a bulk action locked or let in again; roles tell of themselves."""
    people = [found for found in objects if isinstance(found, User)]
    if action_type == "set_active_state" and people:
        active = action.cleaned_form.cleaned_data["mark_as_active"]
        tell_people("person.unlocked" if active else "person.locked", people)
