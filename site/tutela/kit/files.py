"""Caches in files that do without them while the disk is full, instead of failing.

Pages are then rendered each time, and every process counts its own rate limits.
"""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache

logger = logging.getLogger("tutela.kit")


class FilesCache(FileBasedCache):
    """A cache that keeps nothing more while its disk takes nothing."""

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(folder, params)
        self.meanwhile: DummyCache | LocMemCache = DummyCache("full", params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what was kept last, wherever that was."""
        kept = self.meanwhile.get(key, version=version)
        return super().get(key, default, version) if kept is None else kept

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        """Keep what is kept nowhere yet, and return whether that was so."""
        if self.meanwhile.has_key(key):
            return False
        return bool(super().add(key, value, *args, **kwargs))

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        """Keep a value."""
        try:
            super().set(key, value, *args, **kwargs)
        except OSError as error:
            self.tell(error)
            self.meanwhile.set(key, value, *args, **kwargs)
        else:
            self.meanwhile.delete(key)

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value, wherever it was kept: allauth gives its locks back so."""
        meanwhile = self.meanwhile.delete(key, version=version)
        return bool(super().delete(key, version)) or bool(meanwhile)

    @staticmethod
    def tell(error: OSError) -> None:
        """Say why in the log, without the name of the file."""
        logger.error("The cache on the disk keeps nothing: %s", error.strerror)


class LimitsFiles(FilesCache):
    """Rate limits: never open to everybody, only counted less exactly."""

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(folder, params)
        self.meanwhile = LocMemCache("full", {**params, "OPTIONS": {"MAX_ENTRIES": 20_000}})
