"""How often one address may ask: codes cannot be guessed, and nobody shall spend our time trying."""

from __future__ import annotations

from hashlib import blake2b
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.core.cache import cache

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

WINDOW_SECONDS = 60
LOOK_UPS = 40  # an office behind one address checks a class in a minute
SURNAMES = 10
SURNAMES_A_CODE = 20  # from however many addresses


def may_look_up(request: HttpRequest, *, at: datetime) -> bool:
    """Return whether this visitor may ask for one more code, and count it."""
    return _count("code", visitor(request), at=at) <= LOOK_UPS


def may_try_surname(request: HttpRequest, *, code: str, at: datetime) -> bool:
    """Return whether one more surname may be tried, by this visitor and for this code."""
    tries = _count("surname", visitor(request), at=at)
    return _count("surname-of", code, at=at) <= SURNAMES_A_CODE and tries <= SURNAMES


def visitor(request: HttpRequest) -> str:
    """Return the visitor's address as allauth trusts it; of IPv6 the network of one household."""
    address = ip_address(get_adapter(request).get_client_ip(request))
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False).network_address)
    return str(address)


def _count(what: str, who: str, *, at: datetime) -> int:
    """Return how often this happened in the current minute, this time included.

    The minute is part of the key, for some caches forget a key's age when they count it up.
    """
    minute = int(at.timestamp()) // WINDOW_SECONDS
    key = f"certificates:{what}:{minute}:{blake2b(who.encode(), digest_size=12).hexdigest()}"
    if cache.add(key, 1, 2 * WINDOW_SECONDS):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it was thrown out between the two
        cache.set(key, 1, 2 * WINDOW_SECONDS)
        return 1
