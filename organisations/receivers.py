"""What this room does when news reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from certificates.signals import certificate_issued, certificate_revoked

from .records import record_completion, record_replacements, record_revocation

if TYPE_CHECKING:
    from datetime import datetime

    from certificates.models import Certificate


@receiver(certificate_issued)
def write_records(sender: object, *, certificate: Certificate, at: datetime, **kwargs: Any) -> None:
    """Write the employers' records in the transaction that issues the certificate."""
    record_completion(certificate, at=at)
    record_replacements(certificate, at=at)


@receiver(certificate_revoked)
def note_revocation(
    sender: object, *, certificate: Certificate, at: datetime, **kwargs: Any
) -> None:
    """Note on the employers' records what became of the certificate."""
    record_revocation(certificate, at=at)
