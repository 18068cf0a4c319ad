"""What a person tells us about herself, and how she closes her account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import available_timezones

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from allauth.account.utils import setup_user_email
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import User
from .reasons import reason_field

if TYPE_CHECKING:
    from django.http import HttpRequest


class SignUpForm(SignupForm):
    """Asks, beside address and password, to confirm who accounts are for; never for a birth date.

    The answer is not kept: without it there is no account.
    """

    field_order = ("email", "password1", "adult")

    adult = forms.BooleanField(
        label=_("I am an adult at work, or an apprentice or volunteer of at least 16 years."),
        error_messages={
            "required": _("Tick the box if this is so. Lessons can be read without an account.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who forgot the box types nothing twice; the answer is kept by nobody (`no-store`).
        self.fields["password1"].widget.render_value = True

    def save(self, request: HttpRequest) -> User:
        """Make the account whole or not at all: who sends the form again must not find half of it.

        The password is hashed first: that takes long, and nobody else could write meanwhile.
        """
        adapter = get_adapter()
        user: User = adapter.save_user(request, adapter.new_user(request), self, commit=False)
        with transaction.atomic():
            user.save()
            self.custom_signup(request, user)
            setup_user_email(request, user, [])
        return user


class PreferencesForm(forms.ModelForm[User]):
    """Name, language and time zone of an account."""

    class Meta:
        model = User
        fields = ("first_name", "language", "time_zone")
        labels: ClassVar = {"first_name": _("Name"), "time_zone": _("Time zone")}
        help_texts: ClassVar = {
            "first_name": _("How we address you. The name on certificates is asked for apart."),
            "time_zone": _("Decides which day it is when you complete a course."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].widget.attrs["autocomplete"] = "name"
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            help_text=self.fields["time_zone"].help_text,
            choices=[("", _("The time zone of this site")), *zones()],
            required=False,
        )


class AddKeyForm(AddWebAuthnForm):
    """Names a key. allauth's own form leaves its label to Django, which knows it in English only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class CloseForm(forms.Form):
    """Asks for the account's own address, so that nobody closes it by a slip."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        """Refuse any other address than the account's."""
        email: str = self.cleaned_data["email"]
        if email.lower() != self.person.email:
            raise forms.ValidationError(
                gettext("Enter the address of this account, as it stands above.")
            )
        return email


class FactorResetForm(forms.Form):
    """Names the person who lost her second factor, and how the administrator knows."""

    email = forms.EmailField(label=_("E-mail address of the person"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("How you made sure that it is she who asks. She may read it."),
    )


class ReasonForm(forms.Form):
    """Asks why, where Wagtail's own form does not."""

    reason = reason_field()


def zones() -> list[tuple[str, str]]:
    """Return the time zones that are named after a place, by name."""
    names = sorted(name for name in available_timezones() if "/" in name)
    return [(name, name.replace("_", " ")) for name in names if not name.startswith("Etc/")]
