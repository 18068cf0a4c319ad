"""Puts a kept database in the place of the test's own, on SQLite as it is, on PostgreSQL row by row.

On PostgreSQL the released migrations make the tables, and every row of the kept file is written
into them: so a release is kept once, and no dump depends on the version of a server.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from tests import databases

from . import released
from .linting import plan, state_of

if TYPE_CHECKING:
    from pathlib import Path

    from django.db.migrations.state import StateApps

# Each kind of database has a form of its own; `update_index` writes it.
SEARCH_INDEX = {"wagtailsearch_indexentry", "wagtailsearch_indexentry_fts"}

# Only asked how it writes values down.
SQLITE = DatabaseWrapper(
    {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "TIME_ZONE": None, "OPTIONS": {}}
)


def put(release: str, *, folder: Path) -> None:
    """Leave the test's database as that release left it."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(":memory:")) as kept:
            kept.deserialize(released.content(release))
            connection.ensure_connection()
            kept.backup(connection.connection)
    else:
        file = folder / f"{release}.sqlite3"
        file.write_bytes(released.content(release))
        _empty()
        models_then = _migrate_to(release)
        _copy(file, models_then)


def digest(release: str) -> str:
    """Return a name that changes with what is kept, and with what it is upgraded to."""
    return databases.digest(
        [released.FOLDER / f"{release}{released.ENDING}"], databases.migrations_digest()
    )


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def _migrate_to(release: str) -> StateApps:
    """Make the tables of that release, and return its models."""
    known = released.migrations_of(release)
    executor = MigrationExecutor(connection)
    executor.migrate([name for name in plan(executor.loader) if name in known])
    return state_of(executor.loader, known).apps


def _copy(file: Path, models_then: StateApps) -> None:
    """Write every row of a SQLite file into the same tables here."""
    full = [
        model
        for model in models_then.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        if model._meta.db_table not in SEARCH_INDEX
    ]
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in full)
    with (
        closing(sqlite3.connect(file)) as kept,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        for model in full:
            _copy_rows(model, kept, cursor)
        for statement in connection.ops.sequence_reset_sql(no_style(), full):
            cursor.execute(statement)


def _copy_rows(model: type[models.Model], kept: sqlite3.Connection, cursor: Any) -> None:
    fields = model._meta.local_concrete_fields
    columns = ", ".join(connection.ops.quote_name(field.column or "") for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    places = ", ".join(["%s"] * len(fields))
    rows = kept.execute(f"SELECT {columns} FROM {table}")  # noqa: S608 - names of our own
    cursor.executemany(
        f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608
        [[_value(field, value) for field, value in zip(fields, row, strict=True)] for row in rows],
    )


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    """Return what SQLite keeps of a field as PostgreSQL keeps it."""
    column = field.cached_col
    for convert in (*SQLITE.ops.get_db_converters(column), *field.get_db_converters(SQLITE)):
        value = convert(value, column, SQLITE)
    return field.get_db_prep_save(value, connection)
