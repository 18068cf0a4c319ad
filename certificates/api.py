"""The door of this room."""

from __future__ import annotations

from .checking import breaches
from .codes import grouped, is_code, normalise
from .drawing import CannotPrintError, LanguageMissingError, can_print, draw_certificate
from .issuing import (
    NameMissingError,
    ReasonMissingError,
    issue_certificate,
    name_person,
    revoke_certificate,
    withdraw_certificates,
)
from .models import State
from .verifying import (
    Finding,
    find_certificate,
    finding_of,
    holders_address,
    is_holders_token,
    knows_the_name,
    shown_language,
    state_of,
    verification_address,
)
from .wording import said

__all__ = [
    "CannotPrintError",
    "Finding",
    "LanguageMissingError",
    "NameMissingError",
    "ReasonMissingError",
    "State",
    "breaches",
    "can_print",
    "draw_certificate",
    "find_certificate",
    "finding_of",
    "grouped",
    "holders_address",
    "is_code",
    "is_holders_token",
    "issue_certificate",
    "knows_the_name",
    "name_person",
    "normalise",
    "revoke_certificate",
    "said",
    "shown_language",
    "state_of",
    "verification_address",
    "withdraw_certificates",
]
