"""Typed readers of environment variables: each refuses a bad value in one sentence."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 40
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """Return the variable, or the content of the file that `<name>_FILE` names."""
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}.") from error
    return os.environ.get(name, default)


def flag(name: str, *, default: bool = False) -> bool:
    """Return the variable as a truth value."""
    value = text(name, "1" if default else "0").lower()
    if value in YES:
        return True
    if value in NO:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """Return the variable as a whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """Return the variable, which must be one of these words."""
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not {value!r}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Return the variable split at commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str) -> str:
    """Return a secret of at least 40 characters, or refuse to start."""
    value = text(name)
    if len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"{name} (or {name}_FILE) must hold a random secret of at least {SHORTEST_SECRET} characters."
        )
    return value


SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
    "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY; PRAGMA busy_timeout=20000;"
)


def database(name: str, default: Path) -> dict[str, object]:
    """Return Django's settings for `sqlite:///path` or `postgresql://user:password@host/name`."""
    url = urlsplit(text(name) or f"sqlite:///{default}")
    if url.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(url.path).removeprefix("/") if url.netloc else unquote(url.path)[1:],
            # Without IMMEDIATE, half of the transactions that read first and then write fail.
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": SQLITE_PRAGMAS,
            },
            "CONN_MAX_AGE": None,
        }
    if url.scheme in {"postgres", "postgresql"}:
        try:
            port = url.port
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} has a port that is no number.") from error
        query = dict(parse_qsl(url.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path).lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": query.get("host", url.hostname or ""),
            "PORT": str(port or ""),
            "OPTIONS": {"pool": {"min_size": 1, "max_size": number("DATABASE_POOL", 10)}},
            "CONN_MAX_AGE": 0,  # the pool keeps the connections
        }
    raise ImproperlyConfigured(f"{name} must begin with sqlite:/// or postgresql://.")
