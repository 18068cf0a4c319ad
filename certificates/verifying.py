"""What anyone may check about a certificate, and what only the holder may show."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from .models import Certificate, CertificateEvent, State
from .validity import decide

if TYPE_CHECKING:
    from collections.abc import Iterable

HOLDER = Signer(salt="certificates.holder")
WORD = re.compile(r"\w+")


def verification_address(certificate: Certificate) -> str:
    """Return the address that the QR code leads to, with host."""
    return settings.BASE_URL + reverse("verify:code", args=[certificate.code])


def holders_address(certificate: Certificate) -> str:
    """Return the address that the holder may pass on: it shows her name."""
    return f"{verification_address(certificate)}?holder={HOLDER.signature(certificate.code)}"


def is_holders_token(token: str, *, code: str) -> bool:
    """Return whether the token is the one that only the holder of this code was given."""
    try:
        HOLDER.unsign(f"{code}:{token}")
    except BadSignature:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Finding:
    """What the site knows about a code on a day; `since` is the day of that state, where it has one."""

    certificate: Certificate
    state: State
    since: date | None


def find_certificate(code: str, *, on: date) -> Finding | None:
    """Return what is known about a stored code.

    The questions to the database are the same whether or not the code is somebody's.
    """
    certificate = Certificate.objects.filter(code=code).select_related("completion").first()
    events = list(CertificateEvent.objects.filter(certificate__code=code))
    return None if certificate is None else _finding(certificate, events, on=on)


def finding_of(certificate: Certificate, *, on: date) -> Finding:
    """Return what is known about a certificate (with `told()`, without asking the database)."""
    return _finding(certificate, certificate.events.all(), on=on)


def state_of(certificate: Certificate, *, on: date) -> State:
    """Return the state of a certificate on a day; it is valid on the day it expires."""
    return finding_of(certificate, on=on).state


def _finding(certificate: Certificate, events: Iterable[CertificateEvent], *, on: date) -> Finding:
    days = {event.kind: timezone.localdate(event.at) for event in events}
    state = State(decide(days, expires_on=certificate.expires_on, on=on))
    since = certificate.expires_on if state == State.EXPIRED else days.get(state)
    return Finding(certificate, state, since)


def knows_the_name(typed: str, *, holder: str) -> bool:
    """Return whether what was typed is a word, or some adjoining words, of the holder's name.

    Case, accents and vowel points do not count: who types a name often lacks the keyboard for it.
    """
    needle, words = _words(typed), _words(holder)
    if not needle:
        return False
    length = len(needle)
    starts = range(len(words) - length + 1)
    return any(words[start : start + length] == needle for start in starts)


def _words(name: str) -> list[str]:
    """Return the words of a name as they are compared; a hyphen parts two words."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
    return WORD.findall(letters)


def shown_language(certificate: Certificate, preferred: Iterable[str]) -> str:
    """Return the first preferred language that the certificate has, else the one she learned in."""
    wanted: list[str] = [*preferred, certificate.completion.language, *certificate.texts]
    return next(language for language in wanted if language in certificate.texts)
