"""Puts a kept database in the place of the test's own, on SQLite as it is, on PostgreSQL row by row.

On PostgreSQL the released migrations make the tables, and every row of the kept file is written
into them: so a release is kept once, and no dump depends on the version of a server.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor

from . import released
from .linting import plan, state_of

if TYPE_CHECKING:
    from pathlib import Path

    from django.db.migrations.state import StateApps

# Each kind of database has a form of its own; `update_index` writes it.
SEARCH_INDEX = {"wagtailsearch_indexentry", "wagtailsearch_indexentry_fts"}


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
    ContentType.objects.clear_cache()


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
    connections.settings["kept"] = {**connections.settings["default"], **_sqlite(file)}
    kept = connections["kept"]
    rows = [
        model
        for model in models_then.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in SEARCH_INDEX
    ]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            tables = ", ".join(connection.ops.quote_name(one._meta.db_table) for one in rows)
            cursor.execute(f"TRUNCATE {tables} CASCADE")
            for model in rows:
                _copy_rows(model, cursor)
            for statement in connection.ops.sequence_reset_sql(no_style(), rows):
                cursor.execute(statement)
    finally:
        kept.close()
        del connections["kept"]
        del connections.settings["kept"]


def _sqlite(file: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": {}}


def _copy_rows(model: type[models.Model], cursor: Any) -> None:
    fields = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    found = models.QuerySet(model, using="kept").values_list(*(field.attname for field in fields))
    cursor.executemany(
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})",
        [
            [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
            for row in found.iterator()
        ],
    )
