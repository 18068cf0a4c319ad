"""Whether database and code belong together."""

from __future__ import annotations

from enum import Enum
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

NUMBER = slice(4)  # 0012_what_it_does


class Standing(Enum):
    """What `/readyz` says of it."""

    FITS = "ok"
    OLDER = "migrations missing"
    NEWER = "database newer than the code"


@cache
def _of_the_code() -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """Return the last migrations of every app, and all that the code knows."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.graph.leaf_nodes()), frozenset(loader.disk_migrations)


def standing() -> Standing:
    """Compare what the database has been through with what the code knows."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    if is_newer(applied):
        return Standing.NEWER
    last, _known = _of_the_code()
    return Standing.FITS if last <= applied else Standing.OLDER


def is_newer(applied: set[tuple[str, str]]) -> bool:
    """Return whether a later release has migrated the database that has been through these.

    A newer migration is one that the code does not know and that is numbered like its last or
    higher. Apps that the code does not have, and what it squashed long ago, are no sign.
    """
    last, known = _of_the_code()
    numbers = {app: name[NUMBER] for app, name in last}
    return any(app in numbers and name[NUMBER] >= numbers[app] for app, name in applied - known)
