"""Organisations, units and appointments in the CMS, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from .cms_views import (
    AddUnitView,
    AppointmentForm,
    AppointView,
    ChangeOrganisationView,
    ChangeUnitView,
    EndAppointmentView,
    FoundView,
    OrganisationForm,
    UnitForm,
)
from .models import Appointment, Organisation, Unit

if TYPE_CHECKING:
    from tutela.accounts.models import User


class KeptPolicy(ModelPermissionPolicy):
    """What records point to is never deleted: not even by who may do everything."""

    def user_has_permission(self, user: User, action: str) -> bool:
        """Return whether the person may do this, and it is no deletion."""
        return action != "delete" and bool(super().user_has_permission(user, action))


for kept in (Organisation, Unit, Appointment):
    register_permission_policy(kept, KeptPolicy(kept))


class KeptViewSet(ModelViewSet):
    """Rows that are added and changed, neither copied nor deleted."""

    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50
    form: type[Any]

    def get_form_class(self, for_update: bool = False) -> type[Any]:  # noqa: FBT001, FBT002
        """Return the one form for both."""
        return self.form


class OrganisationViewSet(KeptViewSet):
    """Employers and authorities."""

    model = Organisation
    form = OrganisationForm
    icon = "home"
    menu_label = _("Organisations")
    add_view_class = FoundView
    edit_view_class = ChangeOrganisationView
    list_display: ClassVar = ["name", "slug", "language", "time_zone"]
    ordering: ClassVar = ["name"]
    search_fields: ClassVar = ["name", "slug"]


class UnitViewSet(KeptViewSet):
    """Their parts, in the order of the trees."""

    model = Unit
    form = UnitForm
    icon = "list-ul"
    menu_label = _("Units")
    add_view_class = AddUnitView
    edit_view_class = ChangeUnitView
    list_display: ClassVar = ["name", "code", "organisation"]
    list_filter: ClassVar = ["organisation"]
    ordering: ClassVar = ["path"]
    search_fields: ClassVar = ["name", "code"]


class AppointmentViewSet(KeptViewSet):
    """Managers and auditors."""

    model = Appointment
    form = AppointmentForm
    icon = "group"
    menu_label = _("Appointments")
    add_view_class = AppointView
    edit_view_class = EndAppointmentView
    list_display: ClassVar = ["person", "role", "unit", "organisation", "since", "until"]
    list_filter: ClassVar = ["organisation", "role"]
    ordering: ClassVar = ["-since"]


class OrganisationGroup(ModelViewSetGroup):
    """One menu for all three."""

    menu_label = _("Organisations")
    menu_icon = "home"
    menu_order = 300
    items = (OrganisationViewSet, UnitViewSet, AppointmentViewSet)


@hooks.register("register_admin_viewset")
def register_organisations() -> OrganisationGroup:
    """Add the three lists to the CMS."""
    return OrganisationGroup()
