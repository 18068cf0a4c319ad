"""What people may type in this room."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .api import can_print, is_code, normalise

NAME_LENGTH = 120


class CodeForm(forms.Form):
    """A certificate's code and, for who wants to compare it, the holder's surname."""

    code = forms.CharField(
        label=_("Code of the certificate"),
        max_length=80,
        help_text=_("26 letters and digits, beside the square on the certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    surname = forms.CharField(
        label=_("Surname of the holder"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("Type it to see whether the certificate is in this name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        code = normalise(self.cleaned_data["code"])
        if not is_code(code):
            raise ValidationError(
                _("This is not a code of ours. Type its 26 letters and digits as printed.")
            )
        return code


class SurnameForm(forms.Form):
    """The surname that shows the holder's name, as it must not stand in an address."""

    surname = forms.CharField(
        label=_("Surname of the holder"),
        max_length=NAME_LENGTH,
        help_text=_("Type it to see whether the certificate is in this name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NameForm(forms.Form):
    """The name to print on certificates, in the person's own script."""

    name = forms.CharField(
        label=_("Your name as it should be printed"),
        max_length=NAME_LENGTH,
        help_text=_(
            "In your own script: Latin, Greek, Cyrillic, Armenian, Georgian, Arabic or Hebrew."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not can_print(name):
            raise ValidationError(
                _(
                    "We cannot print every character of this name. Use letters of one of the scripts."
                )
            )
        return name


class ReasonForm(forms.Form):
    """Why a certificate is revoked."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Kept with the certificate. Name nobody, and no case."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
