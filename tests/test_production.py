"""A production instance refuses to start where it would be unsafe."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path

SOUND = {
    "DJANGO_SETTINGS_MODULE": "tutela.settings.production",
    "SECRET_KEY": "k3" * 20 + "of no value to anybody, for this test alone",
    "ALLOWED_HOSTS": "tutela.example",
    "BASE_URL": "https://tutela.example",
    "SMTP_HOST": "mail.example",
}


def check(folder: Path, *options: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run Django's checks with the environment of a production instance."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(settings.ROOT / "site"),
        "TUTELA_VAR": str(folder),
        **SOUND,
        **changes,
    }
    command = [sys.executable, "-W", "error", "-m", "django", "check", *options]
    return subprocess.run(
        command, cwd=settings.ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_a_sound_instance_starts_without_a_warning(tmp_path: Path) -> None:
    found = check(tmp_path, "--deploy", "--fail-level", "WARNING")

    assert (found.returncode, found.stdout) == (
        0,
        "System check identified no issues (0 silenced).\n",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("DEBUG", "1"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "tutela.example,.example"),
        ("BASE_URL", "http://tutela.example"),
        ("BASE_URL", "https://other.example"),
        ("DATABASE_URL", "mysql://tutela.example/tutela"),
        ("DATABASE_URL", "postgresql://tutela:changeme@tutela.example/tutela"),
        ("NUMBER_OF_PROXIES", "one"),
    ],
)
def test_an_unsafe_instance_does_not_start(tmp_path: Path, name: str, value: str) -> None:
    found = check(tmp_path, **{name: value})

    assert found.returncode != 0
    assert name in found.stderr.splitlines()[-1]
