"""The CMS's own mails about reviews and comments: Wagtail writes them, each person may stop them.

They are the only mails that do not say their kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from wagtail.users.models import UserProfile

from .models import MAIL_KIND_HEADER, MailKind, User

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

# The switches of the CMS, under Account, that this one turns together.
SWITCHES = (
    "submitted_notifications",
    "approved_notifications",
    "rejected_notifications",
    "updated_comments_notifications",
)


def addressee_of(message: EmailMessage) -> User | None:
    """Return whom a notice is for; None for every other mail."""
    if MAIL_KIND_HEADER in message.extra_headers:
        return None
    return User.objects.filter(email__in=[to.lower() for to in message.to]).first()


def headers_for(person: User) -> dict[str, str]:
    """Return what makes a mail one that she can stop with one press (RFC 8058)."""
    return {
        **MailKind.BULK.header,
        "List-Unsubscribe": f"<{stop_url(person)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def language_of(person: User) -> str:
    """Return the language in which Wagtail writes to her."""
    language: str = UserProfile.get_for_user(person).get_preferred_language()
    return language


def stop_url(person: User) -> str:
    """Return the address, with a secret, by which she stops her notices."""
    token = _signer().sign(str(person.pk))
    return settings.BASE_URL + reverse("accounts:stop_notices", args=[token])


def person_of(token: str) -> User | None:
    """Return whose notices a mail's secret stops."""
    try:
        return User.objects.filter(pk=int(_signer().unsign(token)), is_active=True).first()
    except BadSignature:
        return None


def are_stopped(person: User) -> bool:
    """Return whether she gets no notice at all."""
    on = UserProfile.objects.filter(user=person).values_list(*SWITCHES).first()
    return on is not None and not any(on)


def switch_notices(person: User, *, on: bool) -> None:
    """Turn all her notices on or off; in the CMS she can choose among them."""
    UserProfile.objects.update_or_create(user=person, defaults=dict.fromkeys(SWITCHES, on))


def _signer() -> Signer:
    return Signer(salt="tutela.accounts.notices")
