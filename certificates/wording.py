"""What a certificate says to a reader, for pages in any language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tutela.kit.templatetags.kit import duration

from .codes import grouped
from .verifying import shown_language

if TYPE_CHECKING:
    from .models import Certificate
    from .verifying import Finding


def said(finding: Finding, *, preferred: str) -> dict[str, Any]:
    """Return what the templates say of a certificate, in the reader's language if it has it."""
    certificate = finding.certificate
    language = shown_language(certificate, [preferred])
    return {
        "finding": finding,
        "certificate": certificate,
        "code": grouped(certificate.code),
        "language": language,
        "text": certificate.texts[language],
        "facts": _facts(certificate, minutes=certificate.texts[language]["minutes"]),
    }


def _facts(certificate: Certificate, *, minutes: int) -> list[tuple[str, str]]:
    """Return what a certificate says besides whose it is."""
    percent = certificate.completion.pass_percent
    mark = _("%(percent)s %%, every critical question right") % {"percent": percent}
    code = format_html('<bdi class="code" dir="ltr">{}</bdi>', grouped(certificate.code))
    facts = [
        (_("Issued by"), certificate.issuer),
        (_("Completed on"), date_format(certificate.issued_on)),
        (_("Valid until"), date_format(certificate.expires_on) if certificate.expires_on else ""),
        (_("Learning time"), duration(minutes)),
        (_("Pass mark"), mark),
        (_("Code"), code),
    ]
    return [(term, detail) for term, detail in facts if detail]
