"""Caches in Valkey (or Redis) that do without it while it is away, instead of failing.

Pages are then rendered each time, sessions are read from the database, and every process counts
its own rate limits. What Valkey missed meanwhile it forgets by itself: pages within five minutes,
sessions within one.
"""

from __future__ import annotations

import logging
import time
from functools import cached_property
from itertools import batched
from typing import TYPE_CHECKING, Any

from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.cache.backends.base import BaseCache

logger = logging.getLogger("tutela.kit")

PATIENCE_SECONDS = 1
# A server that is away is not asked by every request, each of which would wait for it.
PAUSE_SECONDS = 5
SESSION_SECONDS = 60

_away_until: dict[str, float] = {}


def doing_without(name: str) -> Callable[..., Any]:
    """Return the cache's method of this name, which `meanwhile` answers while Valkey is away."""

    def answer(self: ValkeyCache, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _away_until.get(self.url, 0):
            try:
                return getattr(super(ValkeyCache, self), name)(*args, **kwargs)
            except RedisError as error:
                _away_until[self.url] = time.monotonic() + PAUSE_SECONDS
                logger.error("Valkey is away: %s", type(error).__name__)  # noqa: TRY400 - its text holds the address
        return getattr(self.meanwhile, name)(*args, **kwargs)

    return answer


class Client(RedisCacheClient):
    """Django's client, which forgets what has its own prefix, and nothing of its neighbours."""

    def __init__(self, servers: list[str], *, prefix: str, **options: Any) -> None:
        super().__init__(servers, **options)
        self._prefix = prefix

    def clear(self) -> bool:
        """Remove every key that begins so, a thousand at a time."""
        client = self.get_client(write=True)
        for keys in batched(client.scan_iter(match=f"{self._prefix}:*", count=1000), 1000):
            client.unlink(*keys)
        return True


class ValkeyCache(RedisCache):
    """A cache that holds nothing while its server is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.url = server
        self.meanwhile: BaseCache = DummyCache("away", params)

    @cached_property
    def _cache(self) -> Client:
        return Client(
            [self.url],
            # Of any release: one that runs beside this one shows what was published, too.
            prefix=self.key_prefix.partition(":")[0],
            socket_connect_timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
            # Once more, for a connection that the server closed while nobody used it.
            retry=Retry(NoBackoff(), 1),
        )

    def is_reached(self) -> bool:
        """Ask the server itself, for whoever watches over the machine."""
        try:
            return bool(self._cache.get_client().ping())
        except RedisError:
            return False

    get = doing_without("get")
    add = doing_without("add")
    set = doing_without("set")
    touch = doing_without("touch")
    delete = doing_without("delete")
    has_key = doing_without("has_key")
    incr = doing_without("incr")
    get_many = doing_without("get_many")
    set_many = doing_without("set_many")
    delete_many = doing_without("delete_many")

    clear = doing_without("clear")


class LimitsCache(ValkeyCache):
    """Rate limits: never open to everybody and never closed to all, only counted less exactly."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.meanwhile = LocMemCache("away", {**params, "OPTIONS": {"MAX_ENTRIES": 20_000}})


class SessionsCache(ValkeyCache):
    """Sessions beside the database, which may have ended one that this cache still holds."""

    def get_backend_timeout(self, timeout: Any = SESSION_SECONDS) -> int | float:
        """Return a minute at most, whatever the session's own age."""
        asked = super().get_backend_timeout(timeout)
        return SESSION_SECONDS if asked is None else min(asked, SESSION_SECONDS)
