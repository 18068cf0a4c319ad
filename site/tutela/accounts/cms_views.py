"""People in the CMS: administrators give roles and lock accounts; they enter none and delete none.

An account's address and password are its owner's: whoever could change them could sign in as her,
past the day's delay that guards her second factor. A person ends by erasure (`privacy`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, DateFromToRangeFilter, ModelChoiceFilter
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.users.forms import GroupForm, UserCreationForm, UserEditForm
from wagtail.users.views import groups, users

from tutela.kit.paging import BoundedPaginator

from .models import Event, User
from .reasons import ReasonedForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest


class LongListPaginator(BoundedPaginator, WagtailPaginator):
    """Pages of a list that holds everybody, or all that ever happened."""

    @property
    def items_count_label(self) -> str:
        """Say how many there are, as far as they were counted."""
        more = "+" if self.is_cut else ""
        return f"{self.count}{more} {self.verbose_name_plural}"


class NewPersonForm(ReasonedForm, UserCreationForm):
    """Makes an account that its owner enters by a code to her address."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_superuser"].disabled = not by.is_superuser

    def clean_email(self) -> str:
        """Return the address as all of them are kept."""
        email: str = self.cleaned_data["email"]
        return email.lower()

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002  (Django's own)
        """Return the person, whom no password lets in."""
        self.instance.set_unusable_password()
        person: User = super().save(commit=commit)
        return person


class PersonForm(ReasonedForm, UserEditForm):
    """Gives roles, corrects a name, locks an account."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
        if "is_superuser" in self.fields:
            self.fields["is_superuser"].disabled = not by.is_superuser


class PeopleView(users.IndexView):
    """The list of people, by the one thing that everybody has."""

    paginator_class = LongListPaginator
    default_ordering = User.USERNAME_FIELD

    def get_delete_url(self, instance: User) -> None:
        """Offer no deletion."""


class AddPersonView(users.CreateView):
    """Makes an account."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who asks."""
        return {**super().get_form_kwargs(), "by": self.request.user}

    def save_instance(self) -> User:
        """Return the new person; the code that lets her in confirms her address."""
        person: User = super().save_instance()
        EmailAddress.objects.create(user=person, email=person.email, primary=True)
        return person


class EditPersonView(users.EditView):
    """Changes an account."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.can_delete = False

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who asks."""
        return {**super().get_form_kwargs(), "by": self.request.user}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refuse_rulers(request.user, [self.object])
        return super().dispatch(request, *args, **kwargs)


class RoleForm(ReasonedForm, GroupForm):
    """Says what a role may do."""


class GroupViewSet(groups.GroupViewSet):
    """The roles."""

    def get_form_class(self, for_update: bool = False) -> type[Any]:  # noqa: FBT001, FBT002
        """Return the one form for both."""
        return RoleForm


class UserViewSet(users.UserViewSet):
    """Everybody who has an account."""

    copy_view_enabled = False
    index_view_class = PeopleView
    add_view_class = AddPersonView
    edit_view_class = EditPersonView

    def get_form_class(self, for_update: bool = False) -> type[Any]:  # noqa: FBT001, FBT002
        """Return the form of a new person or of one who is there."""
        return PersonForm if for_update else NewPersonForm


def refuse_rulers(by: Any, people: Iterable[User]) -> None:
    """Let nobody but a superuser change a superuser. Raises `PermissionDenied`."""
    if not by.is_superuser and any(person.is_superuser for person in people):
        raise PermissionDenied


def people_with_roles(request: HttpRequest) -> QuerySet[User]:
    """Return who may do anything in the CMS."""
    # Each by an index of its own: an OR of both would read through everybody.
    superusers = User.objects.filter(is_superuser=True).values("pk")
    members = User.groups.through.objects.values("user_id")
    return User.objects.filter(pk__in=superusers.union(members)).order_by("email")


class EventFilterSet(WagtailFilterSet):
    """Narrows the log to a time, a kind, a person who acted, or what it happened to."""

    at = DateFromToRangeFilter(label=_("Day"), widget=DateRangePickerWidget)
    kind = CharFilter(label=_("Kind begins with"), lookup_expr="startswith")
    actor = ModelChoiceFilter(label=_("By"), queryset=people_with_roles)
    subject = CharFilter(label=_("Subject"), help_text=_("Such as: person 12"))

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = []


class ReasonColumn(Column):
    """Why it was done."""

    def get_value(self, instance: Event) -> str:
        """Return the reason, if one was given."""
        return str(instance.data.get("reason", ""))


class DetailsColumn(Column):
    """What else is known of it: numbers, names of fields."""

    def get_value(self, instance: Event) -> str:
        """Return the details as words."""
        more = {name: value for name, value in instance.data.items() if name != "reason"}
        return " · ".join(f"{name}: {said(value)}" for name, value in more.items())


def said(value: object) -> str:
    """Return a detail as it is read."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class EventReport(ReportView):
    """The log of events, the newest first. Its file holds numbers, and neither names nor reasons."""

    model = Event
    page_title = _("Events")
    header_icon = "history"
    index_url_name = "accounts_events"
    index_results_url_name = "accounts_events_results"
    permission_required = "view"
    default_ordering = ("-at", "-pk")
    paginator_class = LongListPaginator
    filterset_class = EventFilterSet
    is_searchable = False
    list_export: ClassVar = ["pk", "at", "kind", "actor_id", "subject"]
    columns: ClassVar = [
        DateColumn("at", label=_("At")),
        Column("kind", label=_("Kind")),
        Column("subject", label=_("Subject")),
        Column("actor", label=_("By")),
        ReasonColumn("reason", label=_("Reason")),
        DetailsColumn("details", label=_("Details")),
    ]

    def get_base_queryset(self) -> QuerySet[Event]:
        """Return every event with who did it."""
        found: QuerySet[Event] = Event.objects.select_related("actor")
        return found

    def get_filename(self) -> str:
        """Return the name of the exported file."""
        return f"events-{timezone.localdate():%Y-%m-%d}"
