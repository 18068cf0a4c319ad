"""What managers and members may send, and what is wrong with it, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Record, indent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from .models import MembershipQuerySet, Organisation, RecordQuerySet, Unit

LINES_AT_ONCE = 200
STAFF_NUMBER_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the invitation form."""

    email: str
    staff_number: str


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class UnitField(forms.ChoiceField):
    """A unit out of those that the asking person may see, by its code."""

    def __init__(self, units: Iterable[Unit], *, empty: str = "", **kwargs: Any) -> None:
        self.units = {unit.code: unit for unit in units}
        kwargs.setdefault("label", gettext_lazy("Unit"))
        choices = [(code, f"{indent(unit)}{unit.name}") for code, unit in self.units.items()]
        super().__init__(choices=[("", empty), *choices] if empty else choices, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the unit, or None where nothing was chosen."""
        return self.units.get(super().clean(value))


class FilterForm(forms.Form):
    """A filter in an address; a parameter that it does not know refuses the whole request."""

    def clean(self) -> dict[str, Any]:
        for name in self.data:
            if name not in {*self.fields, "page", "sort"}:
                raise ValidationError(
                    _("This page knows no filter “%(name)s”."), params={"name": name}
                )
        return self.cleaned_data


class RecordFilter(FilterForm):
    """Which records to show or to export."""

    def __init__(
        self, data: Mapping[str, Any], *, courses: dict[str, str], units: Iterable[Unit]
    ) -> None:
        super().__init__(data)
        self.fields["course"] = forms.ChoiceField(
            label=_("Course"), choices=[("", _("All courses")), *courses.items()], required=False
        )
        self.fields["unit"] = UnitField(units, empty=_("All units"), required=False)
        self.fields["from"] = forms.DateField(
            label=_("Completed from"), widget=DayInput, required=False
        )
        self.fields["until"] = forms.DateField(
            label=_("Completed until"), widget=DayInput, required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("from"), cleaned.get("until")
        if first and last and last < first:
            self.add_error("until", _("The last day lies before the first."))
        return cleaned

    def narrow(self, records: RecordQuerySet) -> RecordQuerySet:
        """Return those of the records that the filter lets through."""
        wanted = self.cleaned_data
        if wanted["course"]:
            records = records.filter(course_code=wanted["course"])
        if wanted["unit"]:
            records = records.within(wanted["unit"])
        return records.completed_between(wanted["from"], wanted["until"])


class PeopleFilter(FilterForm):
    """Which members to show."""

    def __init__(
        self, data: Mapping[str, Any], *, courses: dict[str, str], units: Iterable[Unit]
    ) -> None:
        super().__init__(data)
        self.fields["unit"] = UnitField(units, empty=_("All units"), required=False)
        self.fields["course"] = forms.ChoiceField(
            label=_("Course"), choices=[("", _("Any course")), *courses.items()], required=False
        )
        self.fields["state"] = forms.ChoiceField(
            label=_("Completion"),
            choices=[("", _("All")), ("done", _("Completed")), ("open", _("Not yet completed"))],
            required=False,
        )

    def narrow(
        self, members: MembershipQuerySet, *, organisation: Organisation, on: date
    ) -> MembershipQuerySet:
        """Return those of the members that the filter lets through; `on` is today."""
        wanted = self.cleaned_data
        if wanted["unit"]:
            members = members.filter(unit__path__startswith=wanted["unit"].path)
        if not wanted["state"]:
            return members
        records = Record.objects.filter(
            membership__organisation=organisation, membership__person=OuterRef("person")
        ).current(on=on)
        if wanted["course"]:
            records = records.filter(course_code=wanted["course"])
        done = Exists(records)
        return members.filter(done if wanted["state"] == "done" else ~done)


class InvitationForm(forms.Form):
    """Addresses to invite into one unit."""

    lines = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "One address on each line. A staff number may follow after a semicolon: "
            "name@example.org; 12345"
        ),
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, units: Iterable[Unit], initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["unit"] = UnitField(units)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the invitation"), choices=settings.LANGUAGES
        )

    def clean_lines(self) -> list[Line]:
        """Return the lines that hold something, or every line's error at once."""
        numbered = [
            (number, text.strip())
            for number, text in enumerate(self.cleaned_data["lines"].splitlines(), start=1)
            if text.strip()
        ]
        if len(numbered) > LINES_AT_ONCE:
            raise ValidationError(
                _("Invite at most %(limit)d people at once."), params={"limit": LINES_AT_ONCE}
            )
        self.places: dict[str, int] = {}
        errors, lines = [], []
        for number, text in numbered:
            try:
                lines.append(self._read(number, text))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return lines

    def add_taken(self, line: Line) -> None:
        """Say that another member has the staff number of this line."""
        params = {"line": self.places[line.email], "number": line.staff_number}
        self.add_error(
            "lines",
            _("Line %(line)d: another member has the staff number %(number)s.") % params,
        )

    def _read(self, number: int, line: str) -> Line:
        address, _semicolon, staff_number = (part.strip() for part in line.partition(";"))
        params = {"line": number, "address": address[:100]}
        try:
            validate_email(address)
        except ValidationError:
            raise ValidationError(
                _("Line %(line)d: “%(address)s” is not an e-mail address."), params=params
            ) from None
        if len(staff_number) > STAFF_NUMBER_LENGTH:
            raise ValidationError(_("Line %(line)d: the staff number is too long."), params=params)
        for text in filter(None, (address.lower(), staff_number)):
            if self.places.setdefault(text, number) != number:
                raise ValidationError(
                    _("Line %(line)d: “%(text)s” stands here a second time."),
                    params={"line": number, "text": text},
                )
        return Line(address.lower(), staff_number)


class JoinForm(forms.Form):
    """The name by which the employer knows the person."""

    name = forms.CharField(
        label=gettext_lazy("Your name, as your organisation knows it"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class MoveForm(forms.Form):
    """The unit that a member moves to."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, units: Iterable[Unit], initial: str
    ) -> None:
        super().__init__(data)
        self.fields["unit"] = UnitField(units, initial=initial, label=_("New unit"))
