"""Helplines, national information and their editors in the CMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .cms_views import (
    HelplineFilterSet,
    HelplineReport,
    NationalInformationFilterSet,
    NationalInformationReport,
    StateColumn,
    own_only,
    records_of,
)
from .forms import CountryEditorForm, DatedForm
from .models import CountryEditor, Helpline, NationalInformation
from .permissions import ANY, CountryPolicy

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from .cms_views import ExpiringReport, View
    from .models import Dated

for kept in (Helpline, NationalInformation):
    register_permission_policy(kept, CountryPolicy(kept))

VERIFICATION = MultiFieldPanel(
    [
        FieldPanel("source_url"),
        FieldRowPanel([FieldPanel("verified_on"), FieldPanel("verified_by")]),
        FieldRowPanel([FieldPanel("review_due"), FieldPanel("status")]),
    ],
    heading=_("Source and verification"),
)
COUNTRY = Column("country_name", label=_("Country"), sort_key="country")
STATE = StateColumn("state", label=_("Status"))


class UnchosenViewSet(SnippetViewSet):
    """Snippets that nothing chooses: there is no chooser through which they could be read."""

    # Wagtail 8.0.1: a POST to a snippet's copy address overwrites the original.
    copy_view_enabled = False
    list_per_page = 50

    def register_chooser_viewset(self) -> None:
        """Register none."""


class DatedViewSet(UnchosenViewSet):
    """Records of countries: each editor sees and changes those of her own."""

    inspect_view_enabled = True
    search_backend_name = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dated]:
        """Return the records that the list shows."""
        return records_of(request, self.model)

    def construct_view(self, view_class: type[Any], **kwargs: Any) -> View:
        """Return the view, guarded; there is no way round for a view that Wagtail adds."""
        return own_only(super().construct_view(view_class, **kwargs), self.model)


class HelplineViewSet(DatedViewSet):
    """Helplines, hotlines and emergency numbers."""

    model = Helpline
    icon = "mobile-alt"
    menu_label = _("Helplines")
    list_display: ClassVar = ["name", COUNTRY, "kind", "number", STATE, "review_due"]
    search_fields: ClassVar = ["name", "operator", "number"]
    ordering: ClassVar = ["country", "kind", "name"]
    filterset_class = HelplineFilterSet
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("country"), FieldPanel("region")]),
            FieldPanel("kind"),
            FieldPanel("name"),
            FieldPanel("operator"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("number"), FieldPanel("text_number")]),
                    FieldPanel("url"),
                    FieldRowPanel([FieldPanel("languages"), FieldPanel("hours")]),
                    FieldRowPanel([FieldPanel("for_children"), FieldPanel("for_adults")]),
                    FieldRowPanel(
                        [FieldPanel("free_of_charge"), FieldPanel("reachable_from_abroad")]
                    ),
                ],
                heading=_("How it is reached"),
            ),
            FieldPanel("source", read_only=True),
            FieldPanel("source_status", read_only=True),
            VERIFICATION,
        ],
        base_form_class=DatedForm,
    )


class NationalInformationViewSet(DatedViewSet):
    """What each country asks of whoever learns of a child at risk."""

    model = NationalInformation
    icon = "site"
    menu_label = _("National information")
    list_display: ClassVar = [
        Column("__str__", label=_("Record")), COUNTRY, "language", STATE, "review_due",
    ]  # fmt: skip
    search_fields: ClassVar = ["reporting_duty_summary", "legal_reference"]
    ordering: ClassVar = ["country", "language"]
    filterset_class = NationalInformationFilterSet
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("country"), FieldPanel("language")]),
            MultiFieldPanel(
                [
                    FieldPanel(name)
                    for name in (
                        "emergency_number",
                        "child_protection_service",
                        "police_contact",
                        "helpline_children",
                        "helpline_adults",
                        "missing_children_line",
                        "illegal_content_hotline",
                        "trafficking_helpline",
                    )
                ],
                heading=_("Whom to call"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel(name)
                    for name in (
                        "reporting_duty_summary",
                        "legal_reference",
                        "who_is_bound",
                        "time_limit",
                        "protection_for_reporter",
                        "data_protection_note",
                    )
                ],
                heading=_("The duty to report"),
            ),
            VERIFICATION,
        ],
        base_form_class=DatedForm,
    )


class CountryEditorViewSet(UnchosenViewSet):
    """Who edits which country; administrators decide."""

    model = CountryEditor
    icon = "group"
    menu_label = _("Country editors")
    list_display: ClassVar = ["person", COUNTRY]
    ordering: ClassVar = ["country", "person"]
    edit_handler = ObjectList(
        [FieldPanel("person"), FieldPanel("country")], base_form_class=CountryEditorForm
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[CountryEditor]:
        """Return the rows with their persons, who stand in the list."""
        return CountryEditor.objects.select_related("person")


class HelplinesGroup(SnippetViewSetGroup):
    """One menu for all three."""

    menu_label = _("Helplines")
    menu_icon = "mobile-alt"
    menu_order = 260
    items = (HelplineViewSet, NationalInformationViewSet, CountryEditorViewSet)


register_snippet(HelplinesGroup)

REPORTS: dict[str, type[ExpiringReport]] = {
    "reports/helplines/": HelplineReport,
    "reports/national-information/": NationalInformationReport,
}


@hooks.register("register_admin_urls")
def register_reports() -> list[URLPattern]:
    """Add the two reports, whole and as what a filter exchanges."""
    return [
        pattern
        for route, view in REPORTS.items()
        for pattern in (
            path(route, view.as_view(), name=view.index_url_name),
            path(
                f"{route}results/",
                view.as_view(results_only=True),
                name=view.index_results_url_name,
            ),
        )
    ]


class ReportItem(MenuItem):
    """Shown to whom the records concern."""

    def __init__(self, view: type[ExpiringReport], order: int) -> None:
        super().__init__(
            view.page_title, reverse(view.index_url_name), icon_name="time", order=order
        )
        self.policy = policy_registry.get_by_type(view.model)

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the person edits such records."""
        return bool(self.policy.user_has_any_permission(request.user, ANY))


@hooks.register("register_reports_menu_item")
def register_helpline_report() -> ReportItem:
    """Add the first report to the menu."""
    return ReportItem(HelplineReport, 710)


@hooks.register("register_reports_menu_item")
def register_information_report() -> ReportItem:
    """Add the second report to the menu."""
    return ReportItem(NationalInformationReport, 720)
