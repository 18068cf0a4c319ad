"""The restore is practised apart from the live instance, and its exit status can be believed."""

from __future__ import annotations

import hashlib
import tempfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.courses.scene import complete, learner
from tutela.upkeep import databases
from tutela.upkeep.backing_up import take_backup
from tutela.upkeep.drilling import environment

from .instance import AT, make_instance, upload


def fingerprint(folder: Path) -> dict[str, str]:
    """Return the sum of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def state_of_the_database() -> object:
    """Return what would change if somebody wrote to the live database."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            return list(cursor.connection.iterdump())
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database ORDER BY datname")
        return cursor.fetchall(), databases.count_rows(databases.tables())


def test_a_drill_restores_checks_and_leaves_the_live_instance_alone(
    curriculum: None, tmp_path: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload()
    complete(learner(), "foundation")
    take_backup(tmp_path / "backups", at=AT)
    scratch = tmp_path / "made" / "scratch"
    # What would lead a careless drill to the live instance.
    monkeypatch.setenv("TUTELA_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://tutela@live.invalid/tutela")
    before = (state_of_the_database(), fingerprint(media), fingerprint(tmp_path / "backups"))

    said = StringIO()
    call_command("drill_restore", str(tmp_path / "backups"), scratch=scratch, stdout=said)

    assert before == (
        state_of_the_database(),
        fingerprint(media),
        fingerprint(tmp_path / "backups"),
    )
    assert list(scratch.iterdir()) == []
    lines = [line.partition(":")[0] for line in said.getvalue().splitlines()]
    assert lines[-3:-1] == ["Checking the records", "Restored"]
    assert lines[-1].startswith("The drill passed")


@pytest.mark.django_db(transaction=True)
def test_records_that_do_not_hold_fail_the_drill(tmp_path: Path) -> None:
    make_instance()  # its completion has no release behind it
    take_backup(tmp_path, at=AT)

    with pytest.raises(CommandError, match="Breaches: 2"):
        call_command("drill_restore", str(tmp_path), scratch=tmp_path)


@pytest.mark.django_db(transaction=True)
def test_a_damaged_backup_fails_the_drill(tmp_path: Path) -> None:
    make_instance()
    backup = take_backup(tmp_path, at=AT).folder
    (backup / "media/documents/procedure.txt").write_text("Call last..", encoding="utf-8")

    with pytest.raises(
        CommandError, match=r"media/documents/procedure\.txt is not what was"
    ) as told:
        call_command("drill_restore", str(tmp_path), scratch=tmp_path)
    assert told.value.returncode == 1


def test_a_drill_without_a_backup_fails(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no whole backup"):
        call_command("drill_restore", str(tmp_path))


def test_a_drill_inherits_nothing_of_the_live_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    live = {
        "DATABASE_URL": "postgresql://live.invalid/tutela",
        "SECRET_KEY": "the live key",
        "SECRET_KEY_FILE": "/run/secrets/key",
        "SMTP_HOST": "mail.invalid",
        "CACHE_URL": "redis://live.invalid",
        "TUTELA_VAR": "/var/lib/tutela",
        "AWS_SECRET_ACCESS_KEY": "the live bucket",
    }
    for name, value in live.items():
        monkeypatch.setenv(name, value)

    drilled = environment(Path(tempfile.gettempdir()), database_url="sqlite:///other")

    assert not set(drilled.values()) & set(live.values())
    assert drilled["DATABASE_URL"] == "sqlite:///other"
    assert "SMTP_HOST" not in drilled
