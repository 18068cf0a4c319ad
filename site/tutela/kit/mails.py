"""The layout of every mail: the HTML part says word for word what the plain text says.

Mails are written as plain text, ours and allauth's. Their HTML is made from it here, so the two
parts cannot say different things, and there is one place for how a mail looks.
"""

from __future__ import annotations

import email.policy
import re
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

if TYPE_CHECKING:
    from email.message import EmailMessage as Message
    from email.policy import Policy

    from django.core.mail import EmailMessage

ADDRESS = re.compile(r"https?://\S+")
CODE = re.compile(r"[A-Z0-9]{3,4}(-?[A-Z0-9]{3,4})?")


class WholeHeader(UnstructuredHeader, BaseHeader):
    """A header on one line: Python would break a long address up into encoded words."""

    def fold(self, *, policy: Policy[Any]) -> str:
        """Return the line as it is."""
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("List-Unsubscribe", WholeHeader)
HEADERS.map_to_type("Message-ID", WholeHeader)


class WholeMail(EmailMultiAlternatives):
    """A mail whose head holds long addresses as mail programs look for them."""

    def message(self, *, policy: Any = None) -> Message:
        """Return the mail as it is sent."""
        whole = (policy or email.policy.default).clone(header_factory=HEADERS)
        return super().message(policy=whole)


def in_both_parts(message: EmailMessage) -> WholeMail:
    """Return the mail with an HTML part of the same words, in the language of the moment."""
    text = str(message.body)
    both = WholeMail(
        subject=message.subject,
        body=text,
        from_email=message.from_email,
        to=message.to,
        headers=message.extra_headers,
    )
    both.attach_alternative(html_of(text, subject=str(message.subject)), "text/html")
    return both


def html_of(text: str, *, subject: str) -> str:
    """Return a text as an HTML mail: a paragraph for each block between empty lines."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    context = {
        "subject": subject,
        "blocks": [(CODE.fullmatch(block) is not None, _paragraph(block)) for block in blocks],
        "direction": "rtl" if get_language_bidi() else "ltr",
    }
    return render_to_string("kit/mail/base.html", context)


def _paragraph(block: str) -> SafeString:
    """Return a block with its lines kept, and with links where they lead to this site."""
    lines = [" ".join(map(_word, line.split())) for line in block.splitlines()]
    return mark_safe("<br>\n".join(lines))  # noqa: S308  (every word was escaped)


def _word(word: str) -> str:
    """Return a word, as a link if it is an address of ours: what others typed never becomes one."""
    if ADDRESS.fullmatch(word) and f"{word}/".startswith(f"{settings.BASE_URL}/"):
        return format_html('<a href="{0}">{0}</a>', word)
    return escape(word)
