"""How often one visitor's address may do a thing in a minute; what she asks for is not kept."""

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


def visitor(request: HttpRequest) -> str:
    """Return the visitor's address as allauth trusts it; of IPv6 the network of one household."""
    address = ip_address(get_adapter(request).get_client_ip(request))
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False).network_address)
    return str(address)


def count(what: str, who: str, *, at: datetime) -> int:
    """Return how often this happened in the current minute, this time included.

    The minute is part of the key, for some caches forget a key's age when they count it up.
    """
    minute = int(at.timestamp()) // WINDOW_SECONDS
    key = f"{what}:{minute}:{blake2b(who.encode(), digest_size=12).hexdigest()}"
    if cache.add(key, 1, 2 * WINDOW_SECONDS):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it was thrown out between the two
        cache.set(key, 1, 2 * WINDOW_SECONDS)
        return 1
