"""One instance for one SQLite file: whoever starts holds a lock beside it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import connection


class DatabaseTakenError(RuntimeError):
    """The database cannot be this instance's own; the message is one sentence."""


@contextmanager
def claimed_database() -> Iterator[None]:
    """Hold the lock, if the database is a file; the system gives it back however we end."""
    path = connection.settings_dict["NAME"]
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]
        yield
        return
    with _locked(path):
        yield


def _locked(path: str) -> IO[str]:
    try:
        lock = Path(f"{path}.lock").open("a", encoding="ascii")  # noqa: SIM115 - held until the end
    except OSError as error:
        raise DatabaseTakenError(f"{path}.lock cannot be written: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise DatabaseTakenError(
            f"Another instance serves from {path}: "
            "end it first, or give each instance a TUTELA_VAR of its own."
        ) from error
    return lock
