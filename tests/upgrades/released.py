"""The releases so far, as their kept databases tell: `tests/upgrades/<version>.sqlite3.xz`."""

from __future__ import annotations

import lzma
import sqlite3
from contextlib import closing
from functools import cache
from importlib.metadata import version
from pathlib import Path

type Name = tuple[str, str]  # of a migration: its app, and its own

FOLDER = Path(__file__).parent
ENDING = ".sqlite3.xz"


def numbers(release: str) -> tuple[int, ...]:
    """Return a version so that it can be compared."""
    return tuple(int(part) for part in release.split("."))


def releases() -> list[str]:
    """Return the releases of which a database is kept, the oldest first."""
    return sorted(
        (path.name.removesuffix(ENDING) for path in FOLDER.glob(f"*{ENDING}")), key=numbers
    )


def before(release: str) -> str | None:
    """Return the release that runs while this one is put in place.

    A kept database of this very version is a release in the making: all that there is belongs to it.
    """
    older = [kept for kept in releases() if numbers(kept) < numbers(release)]
    return older[-1] if older else None


def present() -> str:
    """Return the version of this tree, as pyproject.toml says it."""
    return version("tutela")


def content(release: str) -> bytes:
    """Return the kept database as SQLite's file."""
    return lzma.decompress((FOLDER / f"{release}{ENDING}").read_bytes())


@cache
def migrations_of(release: str) -> frozenset[Name]:
    """Return the migrations that a release had applied."""
    with closing(sqlite3.connect(":memory:")) as kept:
        kept.deserialize(content(release))
        return frozenset(kept.execute("SELECT app, name FROM django_migrations"))
