"""What this room holds about a person, and how it lets go of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .issuing import withdraw_certificates
from .models import Certificate

if TYPE_CHECKING:
    from datetime import datetime

    from tutela.accounts.models import User


def hold(person: User) -> list[dict[str, Any]]:
    """Return a person's certificates, with all that they say and what became of them."""
    return [
        {
            "code": certificate.code,
            "holder": certificate.holder,
            "issuer": certificate.issuer,
            "texts": certificate.texts,
            "issued_at": certificate.issued_at.isoformat(),
            "issued_on": certificate.issued_on.isoformat(),
            "expires_on": certificate.expires_on and certificate.expires_on.isoformat(),
            "events": [
                {"kind": event.kind, "at": event.at.isoformat(), "reason": event.reason}
                for event in certificate.events.all()
            ],
        }
        for certificate in Certificate.objects.of(person).told().order_by("issued_at")
    ]


def erase(person: User, *, at: datetime) -> None:
    """Withdraw a person's certificates and empty them of who she is."""
    withdraw_certificates(person, at=at)
