"""Typed readers of environment variables: each refuses a bad value in one sentence."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET, FEWEST_CHARACTERS = 40, 12
# What stands in documents, samples and tests, where everybody can read it.
DEFAULTS = {"admin", "minioadmin", "password", "postgres", "redis", "secret", "tutela", "valkey"}
PUBLISHED = ("changeme", "change-me", "change_me", "example", "insecure", "for tests only")
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


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return the variable as a whole number that is not below the least."""
    value = text(name, str(default))
    try:
        found = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error
    if found < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}, not {found}.")
    return found


def choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """Return the variable, which must be one of these words."""
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not {value!r}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Return the variable split at commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def zone(name: str, default: str) -> str:
    """Return the variable as the name of a time zone."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError) as error:
        raise ImproperlyConfigured(
            f"{name} must name a time zone, like Europe/Vienna, not {value!r}."
        ) from error
    return value


def refuse_sample(name: str) -> None:
    """Refuse a password that stands in samples, plain or within an address."""
    value = text(name)
    password = (urlsplit(value).password or "") if "://" in value else value
    if password in DEFAULTS or any(word in password.lower() for word in PUBLISHED):
        raise ImproperlyConfigured(f"{name} must hold a password of your own, not a sample.")


def secret(name: str) -> str:
    """Return a secret that nobody can guess or has read, or refuse to start."""
    value = text(name)
    refuse_weak(name, value)
    return value


def secrets(name: str) -> list[str]:
    """Return the secrets between commas, each as good as `secret` asks for, or refuse to start."""
    values = words(name)
    for value in values:
        refuse_weak(name, value)
    return values


def refuse_weak(name: str, value: str) -> None:
    """Refuse a secret that is short, not random, or published."""
    if len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"{name} (or {name}_FILE) must hold a random secret of at least {SHORTEST_SECRET} characters."
        )
    if len(set(value)) < FEWEST_CHARACTERS:
        raise ImproperlyConfigured(
            f"{name} must be random: {FEWEST_CHARACTERS} different characters are the least."
        )
    if any(word in value.lower() for word in PUBLISHED):
        raise ImproperlyConfigured(
            f"{name} must be a key of your own: this one is a sample that everybody can read."
        )


SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
    "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY; PRAGMA busy_timeout=20000;"
)


def database(name: str, default: Path) -> dict[str, object]:
    """Return Django's settings for `sqlite:///path` or `postgresql://user:password@host/name`."""
    url = urlsplit(text(name) or f"sqlite:///{default}")
    if url.scheme == "sqlite" and not url.netloc:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(url.path).removeprefix("/"),
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
        if query.keys() - {"host"}:
            raise ImproperlyConfigured(
                f"{name} takes no option but host: set what else PostgreSQL's library "
                "shall know as its own variables (PGSSLMODE, PGSSLROOTCERT)."
            )
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path).lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": query.get("host", url.hostname or ""),
            "PORT": str(port or ""),
            "OPTIONS": {
                "pool": {
                    "min_size": 1,
                    "max_size": number("DATABASE_POOL", 10, least=1),
                    "timeout": 10,  # then an honest 503: nobody waits for half a minute
                }
            },
            "CONN_MAX_AGE": 0,  # the pool keeps the connections
        }
    raise ImproperlyConfigured(f"{name} must begin with sqlite:/// or postgresql://.")


def caches(name: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Return Django's caches: files in the folder, or Valkey at `redis://:password@host:6379/0`."""
    url = text(name)
    if not url:
        return {
            "default": {
                "BACKEND": "tutela.kit.files.LimitsFiles",
                "LOCATION": folder / "default",
                "OPTIONS": {"MAX_ENTRIES": 20_000},
            },
            "pages": {
                "BACKEND": "tutela.kit.files.FilesCache",
                "LOCATION": folder / "pages",
                "TIMEOUT": 300,
                "OPTIONS": {"MAX_ENTRIES": 10_000},
            },
        }
    if urlsplit(url).scheme not in {"redis", "rediss"} or not urlsplit(url).hostname:
        raise ImproperlyConfigured(f"{name} must be redis://host or rediss://host (TLS).")
    kinds = {"default": "LimitsCache", "pages": "ValkeyCache", "sessions": "SessionsCache"}
    return {
        alias: {
            "BACKEND": f"tutela.kit.valkey.{kind}",
            "LOCATION": url,
            "TIMEOUT": 300,
            "KEY_PREFIX": alias,
        }
        for alias, kind in kinds.items()
    }


def media(name: str) -> dict[str, Any]:
    """Return where uploaded files are kept: in MEDIA_ROOT, or in the bucket that is named."""
    bucket = text(name)
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    endpoint = text("S3_ENDPOINT")
    if urlsplit(endpoint).scheme not in {"http", "https"} or not urlsplit(endpoint).hostname:
        raise ImproperlyConfigured("S3_ENDPOINT must be the http(s):// address of the store.")
    keys = {"access_key": text("S3_ACCESS_KEY"), "secret_key": text("S3_SECRET_KEY")}
    # Without keys the client would look for some on other machines.
    if not all(keys.values()):
        raise ImproperlyConfigured(f"{name} needs S3_ACCESS_KEY and S3_SECRET_KEY beside it.")
    return {
        "BACKEND": "tutela.kit.buckets.PrivateBucket",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint,
            "region_name": text("S3_REGION", "us-east-1"),
            **keys,
        },
    }
