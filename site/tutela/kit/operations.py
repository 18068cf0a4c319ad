"""Operations of migrations during which a big table goes on being written, on PostgreSQL.

Each stands alone in a migration with `atomic = False`, and may be run again after it was killed
half-way. On SQLite they do what Django's own operations do: there, every write waits anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import transaction
from django.db.migrations.operations import AddConstraint, AddIndex

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


def is_postgresql(editor: BaseDatabaseSchemaEditor) -> bool:
    """Return whether this database lets others write while it changes a table."""
    return editor.connection.vendor == "postgresql"


class AddIndexGently(AddIndexConcurrently):
    """Adds an index without keeping writers waiting."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if not is_postgresql(schema_editor):
            AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)
            return
        self._ensure_not_in_transaction(schema_editor)
        # What a run that was killed left behind is invalid, and has the name.
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if is_postgresql(schema_editor):
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        else:
            AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)


class AddCheckGently(AddConstraintNotValid):
    """Adds a check that holds for new rows at once, then looks at the old ones; nobody waits."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if not is_postgresql(schema_editor):
            with transaction.atomic(schema_editor.connection.alias):  # it writes the table anew
                AddConstraint.database_forwards(
                    self, app_label, schema_editor, from_state, to_state
                )
            return
        table = schema_editor.quote_name(
            to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        )
        name = schema_editor.quote_name(self.constraint.name)
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
