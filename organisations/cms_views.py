"""How administrators found organisations, shape their units and appoint who looks into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views.generic import CreateView, EditView

from tutela.accounts.models import User, log_event
from tutela.accounts.reasons import ReasonedForm

from .founding import (
    Charter,
    add_unit,
    appoint,
    end_appointment,
    found_organisation,
    move_unit,
)
from .models import Appointment, Organisation, Unit, indent

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

# `/organisations/join/<token>/` would be read as a page of this organisation.
RESERVED = {"join"}


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A unit of any organisation, in the order of the trees."""

    def label_from_instance(self, unit: Unit) -> str:
        """Return the unit set in below its organisation."""
        return f"{indent(unit)}{unit.name} ({unit.organisation.slug})"


def every_unit() -> QuerySet[Unit]:
    """Return all units with their organisations, in the order of the trees."""
    units: QuerySet[Unit] = Unit.objects.select_related("organisation").order_by("path")
    return units


class OrganisationForm(ReasonedForm, WagtailAdminModelForm):
    """An organisation; its slug stands in printed addresses and does not change."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of its records"), choices=settings.LANGUAGES
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=[(zone, zone) for zone in sorted(available_timezones())],
        initial="UTC",
    )

    class Meta:
        model = Organisation
        fields: ClassVar = ["name", "slug", "language", "time_zone", "retention_months", "contact"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].disabled = self.instance.pk is not None

    def clean_slug(self) -> str:
        """Return the slug, unless the site needs that address itself."""
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise ValidationError(_("This address is taken by the site itself."))
        return slug


class UnitForm(ReasonedForm, WagtailAdminModelForm):
    """A unit below another one; the unit at the top stands where it is."""

    parent = UnitChoice(queryset=Unit.objects.none(), label=gettext_lazy("Below"))

    class Meta:
        model = Unit
        fields: ClassVar = ["code", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, field = self.instance, self.fields["parent"]
        field.queryset = every_unit()
        if unit.pk:
            field.queryset = every_unit().filter(organisation=unit.organisation)
            field.initial = unit.get_parent()
            field.required = not unit.is_root()
            field.disabled = unit.is_root()

    def clean(self) -> dict[str, Any]:
        """Refuse a code that the organisation uses already, and a place below the unit itself."""
        cleaned: dict[str, Any] = super().clean()
        parent, code = cleaned.get("parent"), cleaned.get("code")
        organisation = parent.organisation_id if parent else self.instance.organisation_id
        same = Unit.objects.filter(organisation=organisation, code=code)
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("code", _("Another unit has this code already."))
        if self.instance.pk and parent and parent.path.startswith(self.instance.path):
            self.add_error("parent", _("A unit cannot stand below itself."))
        return cleaned


class AppointmentForm(ReasonedForm, WagtailAdminModelForm):
    """Who looks into which unit; a change is an end and a new appointment."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of the person's account"))
    unit = UnitChoice(
        queryset=Unit.objects.none(), label=gettext_lazy("Unit, with all units below it")
    )

    class Meta:
        model = Appointment
        fields: ClassVar = ["unit", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = every_unit()
        if self.instance.pk:
            self.fields["email"].initial = self.instance.person.email
            for name in ("email", "unit", "role"):
                self.fields[name].disabled = True
            self.fields["end"] = forms.BooleanField(label=_("End this appointment now"))

    def clean(self) -> dict[str, Any]:
        """Find the person, who must not have the same appointment already."""
        cleaned: dict[str, Any] = super().clean()
        if self.instance.pk or not {"email", "unit", "role"} <= cleaned.keys():
            return cleaned
        person = User.objects.filter(email__iexact=cleaned["email"], is_active=True).first()
        cleaned["person"] = person
        if person is None:
            self.add_error("email", _("Nobody has an account with this address."))
        elif Appointment.objects.filter(
            person=person,
            organisation=cleaned["unit"].organisation,
            role=cleaned["role"],
            until__isnull=True,
        ).exists():
            self.add_error("email", _("This person has such an appointment already."))
        return cleaned


class FoundView(CreateView):
    """Founds an organisation."""

    def save_instance(self) -> Organisation:
        """Return the new organisation, with its top unit."""
        wanted = {name: self.form.cleaned_data[name] for name in self.form.Meta.fields}
        charter = Charter(**wanted)
        return found_organisation(charter, at=timezone.now(), by=self.request.user)


class ChangeOrganisationView(EditView):
    """Changes what an organisation is called, and how long it keeps its records."""

    def save_instance(self) -> Organisation:
        """Return the organisation as it now is."""
        organisation: Organisation = super().save_instance()
        tell(self.request, "organisation.changed", f"organisation {organisation.pk}")
        return organisation


class AddUnitView(CreateView):
    """Adds a unit to a tree."""

    def save_instance(self) -> Unit:
        """Return the new unit."""
        wanted = self.form.cleaned_data
        unit = add_unit(wanted["parent"], code=wanted["code"], name=wanted["name"])
        tell(self.request, "unit.added", f"unit {unit.pk}")
        return unit


class ChangeUnitView(EditView):
    """Renames a unit, or moves it with all that stands below it."""

    def save_instance(self) -> Unit:
        """Return the unit as it now is."""
        unit: Unit = super().save_instance()
        if parent := self.form.cleaned_data["parent"]:
            move_unit(unit, below=parent)
        tell(self.request, "unit.changed", f"unit {unit.pk}")
        return unit


class AppointView(CreateView):
    """Appoints a manager or auditor."""

    def save_instance(self) -> Appointment:
        """Return the new appointment."""
        wanted = self.form.cleaned_data
        return appoint(
            wanted["person"],
            unit=wanted["unit"],
            role=wanted["role"],
            at=timezone.now(),
            by=self.request.user,
        )


class EndAppointmentView(EditView):
    """Ends an appointment."""

    def save_instance(self) -> Appointment:
        """Return the appointment that has ended."""
        end_appointment(self.object, at=timezone.now(), by=self.request.user)
        appointment: Appointment = self.object
        return appointment


def tell(request: HttpRequest, kind: str, subject: str) -> None:
    """Keep an event of what an administrator changed; her reason goes with it."""
    log_event(kind, subject=subject, at=timezone.now(), actor=cast("User", request.user))
