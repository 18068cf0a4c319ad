"""Migrations that tests make up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.migrations import Migration
from django.db.migrations.state import ModelState, ProjectState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.migrations.operations.base import Operation

fields: Any = models  # its types know no field outside a model


def migration(
    app: str,
    name: str,
    operations: Iterable[Operation],
    *,
    atomic: bool = True,
    after: Sequence[tuple[str, str]] = (),
) -> Migration:
    """Return a migration of these operations, as a file of migrations would hold it."""
    members = {"operations": list(operations), "atomic": atomic, "dependencies": list(after)}
    made: Migration = type("Migration", (Migration,), members)(name, app)
    return made


def project(app: str, columns: dict[str, Any], **options: Any) -> ProjectState:
    """Return a project with the one model `Note`, which has these columns."""
    key = {"id": fields.BigAutoField(primary_key=True)}
    return ProjectState({(app, "note"): ModelState(app, "Note", key | columns, options)})
