"""Letters: short mails, in the language of the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from tutela.kit.mails import in_both_parts

from .models import MailKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .models import User


def addresses_of(person: User) -> list[str]:
    """Return the addresses that are surely hers; the account's own where none was confirmed."""
    confirmed = EmailAddress.objects.filter(user=person, verified=True).order_by("-primary", "pk")
    return list(confirmed.values_list("email", flat=True)) or [person.email]


def write_letter(name: str, *, to: Iterable[str], **context: object) -> None:
    """Send `accounts/mail/<name>.txt`, whose first line is the subject, to each address alone."""
    text = render_to_string(
        f"accounts/mail/{name}.txt",
        {"site_name": settings.SITE_NAME, "base_url": settings.BASE_URL, **context},
    )
    subject, _line_end, body = text.strip().partition("\n")
    for address in to:
        letter = EmailMessage(
            subject, body.strip() + "\n", None, [address], headers=MailKind.LETTER.header
        )
        in_both_parts(letter).send()
