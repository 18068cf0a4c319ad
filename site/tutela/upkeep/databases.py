"""The database as one file: taken while people write, and put into an empty one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.db import connection, transaction
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    type Rows = dict[str, int]

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
WAIT_SECONDS = 60


class DatabaseFileError(RuntimeError):
    """The database could not be written to a file, or not be read back from one."""


def dump(folder: Path) -> Rows:
    """Write the database, as it is at one instant, into the folder; return its rows by table."""
    target = folder / FILES[connection.vendor]
    return _dump_sqlite(target) if connection.vendor == "sqlite" else _dump_postgresql(target)


def load(file: Path) -> None:
    """Fill the empty database from a file that `dump` wrote."""
    if connection.vendor == "sqlite":
        _load_sqlite(file)
    else:
        _load_postgresql(file)


def is_empty() -> bool:
    """Return whether the database has no table at all; a file that is not there has none."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return True
    return not connection.introspection.table_names()


def count_rows(tables: list[str]) -> Rows:
    """Return how many rows each of these tables has."""
    with connection.cursor() as cursor:
        return {table: _count(cursor, table) for table in tables}


def tables() -> list[str]:
    """Return the tables of all models, and the one of the migrations."""
    ours = connection.introspection.django_table_names(only_existing=True)
    return sorted({*ours, "django_migrations"})


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  (our own names)
    return int(cursor.fetchone()[0])


def _dump_sqlite(target: Path) -> Rows:
    """Copy by SQLite's own backup, in one step: readers and writers go on, the copy is of one instant."""
    names = tables()
    source = f"file:{quote(str(connection.settings_dict['NAME']))}?mode=ro"
    with (
        closing(sqlite3.connect(source, uri=True, timeout=WAIT_SECONDS)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)
        # One file that stands for itself, without a journal beside it.
        there.execute("PRAGMA journal_mode=DELETE")
        said = [line for (line,) in there.execute("PRAGMA integrity_check")]
        if said != ["ok"]:
            raise DatabaseFileError(f"The database is damaged: {said[0]}.")
        return {name: _count(there.cursor(), name) for name in names}


def _load_sqlite(file: Path) -> None:
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.unfinished")
    draft.touch(mode=0o600)
    shutil.copyfile(file, draft)
    for rest in ("-wal", "-shm"):  # of the empty file that connecting has made
        target.with_name(f"{target.name}{rest}").unlink(missing_ok=True)
    draft.replace(target)


def _dump_postgresql(target: Path) -> Rows:
    """Write and count one snapshot."""
    names = tables()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _call("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
        return {name: _count(cursor, name) for name in names}


def _load_postgresql(file: Path) -> None:
    name = connection.settings_dict["NAME"]
    _call("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={name}", str(file))


def _call(program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs on our database; the password stands in no list of processes."""
    place = shutil.which(program)
    if place is None:
        raise DatabaseFileError(
            f"{program} was not found: install PostgreSQL's client programs "
            "(Debian: apt-get install postgresql-client)."
        )
    said = connection.settings_dict
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    variables = {name: str(said[key]) for key, name in names.items() if said.get(key)}
    done = subprocess.run(  # noqa: S603  (found above, with our own options)
        [place, "--no-owner", "--no-privileges", *options],
        env={**os.environ, **variables, "PGDATABASE": str(said["NAME"])},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DatabaseFileError(f"{program} failed: {done.stderr.strip()}")


@contextmanager
def spare_database(name: str) -> Iterator[str]:
    """Make another database on the same PostgreSQL server, and drop it at the end."""
    new = sql.Identifier(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(new))
    try:
        yield name
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(new))
