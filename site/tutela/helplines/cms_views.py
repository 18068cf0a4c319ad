"""How the CMS lists and guards the records of countries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from .models import Helpline, Kind, NationalInformation, State, places
from .permissions import ANY

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from .models import Dated, DatedQuerySet

    type View = Callable[..., HttpResponse]

EXPIRING = "expiring"
STATES = [*State.choices, (EXPIRING, _("due within a month, or expired"))]


def records_of(request: HttpRequest, model: type[Dated]) -> QuerySet[Dated]:
    """Return the records of a kind that the person may see in the CMS."""
    policy = policy_registry.get_by_type(model)
    found: QuerySet[Dated] = policy.instances_user_has_any_permission_for(request.user, ANY)
    return found


def own_only(view: View, model: type[Dated]) -> View:
    """Let a view of one record answer for own countries only; Wagtail's ask about verbs alone."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pk = kwargs.get("pk")
        if pk is not None and not (
            str(pk).isdecimal() and records_of(request, model).filter(pk=pk).exists()
        ):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


class StateFilterSet(WagtailFilterSet):
    """Narrows a list by country and by what the records are today."""

    country = ChoiceFilter(label=_("country"), choices=places)
    state = ChoiceFilter(label=_("status"), choices=STATES, method="filter_state")

    def filter_state(
        self, queryset: DatedQuerySet[Any], name: str, value: str
    ) -> DatedQuerySet[Any]:
        """Return the records that are so today."""
        today = timezone.localdate()
        if value == EXPIRING:
            return queryset.expiring(on=today)
        return queryset.in_state(value, on=today)


class HelplineFilterSet(StateFilterSet):
    """Narrows the list of helplines."""

    kind = ChoiceFilter(label=_("kind"), choices=Kind.choices)

    class Meta:
        model = Helpline
        fields: ClassVar[list[str]] = []


class NationalInformationFilterSet(StateFilterSet):
    """Narrows the list of national information."""

    class Meta:
        model = NationalInformation
        fields: ClassVar[list[str]] = []


class StateColumn(Column):
    """What a record is today, whatever its editor once said."""

    def get_value(self, instance: Dated) -> object:
        """Return the state's name."""
        return instance.state(on=timezone.localdate()).label


class ExpiringReport(ReportView):
    """The verified records that are due within a month, or are not shown any more."""

    header_icon = "time"
    any_permission_required = ANY
    default_ordering = ("review_due", "pk")
    list_export: ClassVar = ["country_name", "__str__", "verified_on", "verified_by", "review_due"]
    edit_url_name = ""
    is_searchable = False

    @property
    def columns(self) -> list[Column]:
        """The report's columns: what, when it was verified, and until when it holds."""
        return [
            TitleColumn("__str__", label=_("Record"), url_name=self.edit_url_name),
            StateColumn("state", label=_("Status")),
            Column("verified_on", label=_("Verified on")),
            Column("verified_by", label=_("Verified by")),
            Column("review_due", label=_("Review due")),
        ]

    def get_base_queryset(self) -> QuerySet[Dated]:
        """Return what expires of the countries that the person edits."""
        found: DatedQuerySet[Any] = records_of(self.request, self.model)  # type: ignore[assignment]
        return found.expiring(on=timezone.localdate())

    def get_filename(self) -> str:
        """Return the name of the exported file."""
        return f"review-due-{timezone.localdate():%Y-%m-%d}"


class HelplineReport(ExpiringReport):
    """Helplines to verify again."""

    model = Helpline
    page_title = _("Helplines to verify again")
    index_url_name = "helplines_report"
    index_results_url_name = "helplines_report_results"
    edit_url_name = "wagtailsnippets_helplines_helpline:edit"


class NationalInformationReport(ExpiringReport):
    """National information to verify again."""

    model = NationalInformation
    page_title = _("National information to verify again")
    index_url_name = "national_information_report"
    index_results_url_name = "national_information_report_results"
    edit_url_name = "wagtailsnippets_helplines_nationalinformation:edit"
