"""Compares the tables of an upgraded database with what others expect of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection

from tests.test_contracts import ROOMS

from .putting import SEARCH_INDEX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.migrations.state import StateApps


def schema() -> dict[str, set[tuple[object, ...]]]:
    """Return the columns, indexes and constraints of each table of our rooms."""
    models = apps.get_models(include_auto_created=True)
    tables = {model._meta.db_table for model in models if model._meta.app_label in ROOMS}
    with connection.cursor() as cursor:
        return {table: set(_parts(cursor, table)) for table in tables}


def _parts(cursor: Any, table: str) -> Iterator[tuple[object, ...]]:
    for column in connection.introspection.get_table_description(cursor, table):
        yield ("column", column.name, column.type_code, column.null_ok, column.default)
    for name, facts in connection.introspection.get_constraints(cursor, table).items():
        # SQLite numbers what has no name.
        known = "" if name.startswith("__unnamed") else name
        yield (known, tuple(facts["columns"]), facts["unique"], facts["check"], facts["index"])


def misfits(models_then: StateApps) -> list[str]:
    """Return what keeps an older release with these models from reading and writing here."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for model in models_then.get_models(include_auto_created=True):
            if model._meta.managed and model._meta.db_table not in SEARCH_INDEX:
                used = {field.column or "" for field in model._meta.local_concrete_fields}
                found += _misfits(cursor, model._meta.db_table, used)
    return found


def _misfits(cursor: Any, table: str, used: set[str]) -> Iterator[str]:
    columns = connection.introspection.get_table_description(cursor, table)
    for name in used - {column.name for column in columns}:
        yield f"{table}.{name} is missing"
    for column in columns:
        if column.name not in used and not column.null_ok and column.default is None:
            yield f"{table}.{column.name} is left empty, and must not be"
