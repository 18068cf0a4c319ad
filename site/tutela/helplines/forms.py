"""What visitors choose and editors write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from tutela.accounts.models import User

from .countries import named
from .models import CountryEditor, Status, places
from .permissions import EVERY_COUNTRY

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

# The group of tutela.accounts.roles, which is no door of that room.
COUNTRY_EDITORS = "Country editors"
NO_CHOICE = [("", "---------")]


def countries() -> list[tuple[str, str]]:
    """Return the countries to choose from, in the language that is spoken."""
    return [("", _("Choose a country")), *named(language=get_language() or "en")]


class CountryForm(forms.Form):
    """Which country's numbers a visitor wants to see; it is never guessed."""

    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        choices=countries,
        error_messages={
            "required": gettext_lazy("Choose a country."),
            "invalid_choice": gettext_lazy("Choose a country of the list."),
        },
    )
    use_required_attribute = False


class DatedForm(WagtailAdminModelForm):
    """A record of a country that its editor was given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.for_user
        if "country" in self.fields and person and not person.has_perm(EVERY_COUNTRY):
            mine = CountryEditor.objects.filter(person=person).values_list("country", flat=True)
            given = {*mine}
            self.fields["country"].choices = NO_CHOICE + [
                (code, name) for code, name in places() if code in given
            ]

    def clean(self) -> dict[str, Any]:
        """Refuse a day to come, and what was changed under an old verification; a draft loses it."""
        cleaned: dict[str, Any] = super().clean()
        verified_on = cleaned.get("verified_on")
        if verified_on and verified_on > timezone.localdate():
            self.add_error("verified_on", _("This day has not come yet."))
        elif self._is_older_than_a_change(verified_on):
            if cleaned.get("status") == Status.VERIFIED:
                message = _("What people rely on has changed: verify it again, or make it a draft.")
                self.add_error("verified_on", message)
            else:
                cleaned |= {"verified_on": None, "review_due": None}
        return cleaned

    def _is_older_than_a_change(self, verified_on: date | None) -> bool:
        """Tell whether what was verified is changed now; the day that was given is an earlier one."""
        changed = set(self.changed_data) - {"status", "source_url", "verified_by", "review_due"}
        verified_again = "verified_on" in changed or verified_on == timezone.localdate()
        return bool(self.instance.pk and changed and not verified_again)


def editors() -> QuerySet[User]:
    """Return who is in the group of country editors."""
    group = Group.objects.filter(name=COUNTRY_EDITORS)
    return User.objects.filter(groups__in=group, is_active=True).order_by("email")


class CountryEditorForm(WagtailAdminModelForm):
    """Which person edits which country."""

    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=gettext_lazy("Person"),
        help_text=gettext_lazy("Who is in the group of country editors."),
    )

    class Meta:
        model = CountryEditor
        fields: ClassVar = ["person", "country"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "person" in self.fields:
            self.fields["person"].queryset = editors()
