"""What the catalogue can be narrowed to, and what is noted of a term in one language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from .sectors import Sector

# Minutes: more than the first, at most the second.
LENGTHS = {"short": (0, 60), "middle": (60, 120), "long": (120, 100_000)}


class CatalogFilter(forms.Form):
    """A profession, a language and a length, each of which may be left open."""

    sector = forms.ChoiceField(
        label=_("Your profession"), required=False, choices=[("", _("All")), *Sector.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All")), *settings.LANGUAGES]
    )
    length = forms.ChoiceField(
        label=_("Learning time"),
        required=False,
        choices=[
            ("", _("All")),
            ("short", _("At most 1 hour")),
            ("middle", _("1 to 2 hours")),
            ("long", _("More than 2 hours")),
        ],
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen and exists; anything else narrows nothing."""
        self.is_valid()
        return self.cleaned_data

    def keeps(self, languages: list[str], minutes: int) -> bool:
        """Return whether a course of so many minutes in these languages fits."""
        language, length = self.chosen.get("language"), self.chosen.get("length")
        above, most = LENGTHS.get(length or "", (-1, 100_000))
        return (not language or language in languages) and above < minutes <= most


class TermLanguageForm(WagtailAdminModelForm):
    """What is particular to a term in one language; a review is of the words published now."""

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  (Django's own)
        if {"review", "reviewed_by", "reviewed_at"} & set(self.changed_data):
            self.instance.note_reviewed_words()
        return super().save(commit=commit)
