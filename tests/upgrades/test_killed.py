"""An upgrade that is killed in the middle is run again, and ends as if nothing had happened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from tests.work.processes import running, wait_until

if TYPE_CHECKING:
    from pathlib import Path

TABLES = "SELECT type, name, sql FROM sqlite_master"


def read(database: Path, query: str) -> list[tuple[object, ...]]:
    """Return what another process has committed."""
    with closing(sqlite3.connect(database)) as found:
        return found.execute(query).fetchall()


def migrations_in(database: Path) -> int:
    """Return how many migrations stand in the file so far."""
    try:
        return len(read(database, "SELECT 1 FROM django_migrations"))
    except sqlite3.OperationalError:
        return 0


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("after", [40, 160])
def test_a_killed_upgrade_is_run_again(after: int, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip(
            "PostgreSQL has transactions for its tables, too; its campaign kills the server."
        )
    database = tmp_path / "killed.sqlite3"
    url = f"sqlite:///{database}"
    with running("migrate", TEST_DATABASE_URL=url) as first:
        assert wait_until(lambda: migrations_in(database) >= after, seconds=120)
        first.kill()
    assert after <= migrations_in(database)
    assert read(database, "PRAGMA integrity_check") == [("ok",)]

    with running("migrate", TEST_DATABASE_URL=url) as second:
        assert second.wait(timeout=240) == 0
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        assert set(read(database, TABLES)) == set(cursor.fetchall())
