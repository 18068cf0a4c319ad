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


def manage(folder: Path, command: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command of a production instance as an operator does."""
    environment = {"PATH": os.environ["PATH"], "TUTELA_VAR": str(folder), **SOUND, **changes}
    return subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        cwd=settings.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["load_curriculum", "check_records", "backup {}/backups"])
def test_a_database_without_tables_is_told_in_a_sentence(tmp_path: Path, command: str) -> None:
    found = manage(tmp_path, command.format(tmp_path))

    assert (found.returncode, found.stderr) == (
        1,
        "The database has no tables yet: make them with `manage.py migrate`.\n",
    )


def test_a_database_that_is_away_is_told_in_a_sentence(tmp_path: Path) -> None:
    found = manage(tmp_path, "migrate", DATABASE_URL="postgresql://me:none@127.0.0.1:1/tutela")

    assert found.returncode == 1
    assert found.stderr.splitlines()[-1].startswith("The database takes no connection: ")


@pytest.mark.parametrize("command", ["check --deploy", "migrate", "collectstatic --noinput"])
def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(
    tmp_path: Path, command: str
) -> None:
    # A file in its place stops even root, as whom tests may run.
    (tmp_path / "var").touch()

    found = manage(tmp_path / "var", command)

    assert found.returncode == 1
    assert found.stderr.startswith(str(tmp_path / "var"))
    assert found.stderr.endswith("or name another folder (TUTELA_VAR).\n")
