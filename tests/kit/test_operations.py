"""Big tables get indexes and checks without waiting, and again after a run that was killed."""

from __future__ import annotations

import pytest
from django.db import connection, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.utils import NotSupportedError

from tests.upgrades.planting import fields, migration, project
from tutela.kit.operations import AddCheckGently, AddIndexGently

INDEX = AddIndexGently("note", models.Index(fields=["size"], name="note_size"))
CHECK = AddCheckGently(
    "note", models.CheckConstraint(condition=models.Q(size__gte=0), name="note_not_negative")
)
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite locks the whole file for every write."
)


@pytest.fixture
def state(transactional_db: None) -> ProjectState:
    """Give a project with one table."""
    state = project("kit", {"size": fields.IntegerField()})
    with connection.schema_editor() as editor:
        editor.create_model(state.apps.get_model("kit", "Note"))
    return state


def names() -> set[str]:
    """Return the names of the table's indexes and constraints."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "kit_note")
    return {name for name in found if name.startswith("note_")}


def apply(operation: Operation, state: ProjectState, *, atomic: bool = False) -> ProjectState:
    """Run a migration of this one operation, as `migrate` does, and return the state after it."""
    gently = migration("kit", "0002_gently", [operation], atomic=atomic)
    with connection.schema_editor(atomic=atomic) as editor:
        return gently.apply(state.clone(), editor)


@pytest.mark.parametrize(
    ("operation", "name"), [(INDEX, "note_size"), (CHECK, "note_not_negative")]
)
def test_there_and_back(state: ProjectState, operation: Operation, name: str) -> None:
    after = apply(operation, state)
    assert names() == {name}

    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("kit", editor, after, state)
    assert names() == set()


@on_postgresql
@pytest.mark.parametrize("operation", [INDEX, CHECK])
def test_what_a_killed_run_left_is_in_nobodys_way(
    state: ProjectState, operation: Operation
) -> None:
    apply(operation, state)
    with connection.cursor() as cursor:  # the run was killed before it was noted
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indrelid = 'kit_note'::regclass"
        )

    apply(operation, state)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(convalidated) FROM pg_constraint WHERE conrelid = 'kit_note'::regclass"
        )
        assert cursor.fetchall() == [(True,)]
        cursor.execute(
            "SELECT bool_and(indisvalid) FROM pg_index WHERE indexrelid::regclass::text = 'note_size'"
        )
        assert cursor.fetchall() in ([(True,)], [(None,)])


@on_postgresql
def test_an_index_is_not_built_inside_a_transaction(state: ProjectState) -> None:
    with pytest.raises(NotSupportedError):
        apply(INDEX, state, atomic=True)
