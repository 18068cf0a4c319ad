"""A variable that makes no sense, or is unsafe, is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tutela.settings import environment as env

SOUND = "Zt7wq1Xb-pK3_vYc9LdRm2HsEoJ5uNaG8fTiQ4yW"  # of nobody
BUCKET = {"S3_BUCKET": "media", "S3_ENDPOINT": "https://s3.example.net"}
KEYS = {"S3_ACCESS_KEY": "name", "S3_SECRET_KEY": "key"}


@pytest.mark.parametrize(
    ("read", "variables", "sentence"),
    [
        (
            lambda: env.secret("SECRET_KEY"),
            {"SECRET_KEY": ""},
            "SECRET_KEY (or SECRET_KEY_FILE) must hold a random secret of at least 40 characters.",
        ),
        (
            lambda: env.secret("SECRET_KEY"),
            {"SECRET_KEY": "abcdefgh" * 8},
            "SECRET_KEY must be random: 12 different characters are the least.",
        ),
        *(
            (
                lambda: env.secret("SECRET_KEY"),
                {"SECRET_KEY": f"{sample}-{SOUND}"},
                "SECRET_KEY must be a key of your own: this one is a sample that everybody can read.",
            )
            for sample in ("changeme", "Change-Me", "django-insecure", "a key for tests only")
        ),
        (
            lambda: env.secrets("SECRET_KEY_FALLBACKS"),
            {"SECRET_KEY_FALLBACKS": f"{SOUND},short"},
            "SECRET_KEY_FALLBACKS (or SECRET_KEY_FALLBACKS_FILE) must hold a random secret of at least 40 characters.",
        ),
        (
            lambda: env.secret("SECRET_KEY"),
            {"SECRET_KEY_FILE": "/nowhere/key"},
            "SECRET_KEY_FILE cannot be read: [Errno 2] No such file or directory: '/nowhere/key'.",
        ),
        *(
            (
                lambda: env.refuse_sample("CACHE_URL"),
                {"CACHE_URL": value},
                "CACHE_URL must hold a password of your own, not a sample.",
            )
            for value in ("redis://:valkey@host", "redis://:ChangeMe-1@host", "minioadmin")
        ),
        (lambda: env.flag("DEBUG"), {"DEBUG": "maybe"}, "DEBUG must be 1 or 0, not 'maybe'."),
        (
            lambda: env.number("PORT", 8000),
            {"PORT": "eight"},
            "PORT must be a whole number, not 'eight'.",
        ),
        (
            lambda: env.number("WEB_WORKERS", 2, least=1),
            {"WEB_WORKERS": "0"},
            "WEB_WORKERS must be at least 1, not 0.",
        ),
        (
            lambda: env.zone("TIME_ZONE", "UTC"),
            {"TIME_ZONE": "Mars/Olympus"},
            "TIME_ZONE must name a time zone, like Europe/Vienna, not 'Mars/Olympus'.",
        ),
        *(
            (
                lambda: env.database("DATABASE_URL", Path("a")),
                {"DATABASE_URL": url},
                "DATABASE_URL must begin with sqlite:/// or postgresql://.",
            )
            for url in ("mysql://host/name", "sqlite://var/tutela.sqlite3")
        ),
        (
            lambda: env.database("DATABASE_URL", Path("a")),
            {"DATABASE_URL": "postgresql://host/name?host=other&sslmode=verify-full"},
            (
                "DATABASE_URL takes no option but host: set what else PostgreSQL's library "
                "shall know as its own variables (PGSSLMODE, PGSSLROOTCERT)."
            ),
        ),
        *(
            (
                lambda: env.caches("CACHE_URL", Path("a")),
                {"CACHE_URL": url},
                "CACHE_URL must be redis://host or rediss://host (TLS).",
            )
            for url in ("valkey", "http://host:6379", "redis:///0")
        ),
        (
            lambda: env.media("S3_BUCKET"),
            {**BUCKET, **KEYS, "S3_ENDPOINT": "s3.example.net"},
            "S3_ENDPOINT must be the http(s):// address of the store.",
        ),
        (
            lambda: env.media("S3_BUCKET"),
            {**BUCKET, "S3_ACCESS_KEY": "name"},
            "S3_BUCKET needs S3_ACCESS_KEY and S3_SECRET_KEY beside it.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(
    monkeypatch: pytest.MonkeyPatch, read: object, variables: dict[str, str], sentence: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured) as refusal:
        read()  # type: ignore[operator]

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("key", [SOUND, "0123456789abcdef" * 3])
def test_a_random_key_is_taken(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("SECRET_KEY", key)

    assert env.secret("SECRET_KEY") == key


@pytest.mark.parametrize("value", ["", "redis://host.example", f"redis://:{SOUND}@host.example"])
def test_a_password_of_ones_own_is_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CACHE_URL", value)

    env.refuse_sample("CACHE_URL")


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{SOUND}\n", encoding="utf-8")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))

    assert env.secret("SECRET_KEY") == SOUND
