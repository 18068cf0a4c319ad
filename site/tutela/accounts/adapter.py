"""What we do otherwise than allauth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import get_language

from tutela.kit.mails import in_both_parts

from .factor_resets import carry_out_due_resets
from .models import MailKind

if TYPE_CHECKING:
    from django.core.mail import EmailMultiAlternatives
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse

    from .models import User

# Somebody waits for these at the screen. Those that answer for an account that is not there go the
# same way as a code, or the clock would tell.
ASKED_FOR = {
    *("account/email/email_confirmation", "account/email/email_confirmation_signup"),
    *("account/email/login_code", "account/email/password_reset_code"),
    *("account/email/account_already_exists", "account/email/unknown_account"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up keeps the language; sign-in finds a second factor whose reset is due removed."""

    def save_user(
        self,
        request: HttpRequest,
        user: User,
        form: BaseForm,
        commit: bool = True,  # noqa: FBT001, FBT002  (allauth's own)
    ) -> User:
        """Keep the language in which the person signed up."""
        user.language = get_language() or settings.LANGUAGE_CODE
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Carry out a reset that is due, before her lost factor is asked for."""
        carry_out_due_resets(at=timezone.now(), person=user)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def send_account_already_exists_mail(self, email: str) -> None:
        """Write as if for a new account; it takes as long as making one, so no clock can tell."""
        make_password(email)
        super().send_account_already_exists_mail(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of allauth's mails, under the site's own name."""
        own = {
            "current_site": {
                "name": settings.SITE_NAME,
                "domain": urlsplit(settings.BASE_URL).netloc,
            }
        }
        super().send_mail(template_prefix, email, {**own, **context})

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """Return one of allauth's mails as plain text and as HTML; what was asked for goes first."""
        kind = MailKind.CODE if template_prefix in ASKED_FOR else MailKind.LETTER
        headers = {**kind.header, **(headers or {})}
        return in_both_parts(super().render_mail(template_prefix, email, context, headers))
