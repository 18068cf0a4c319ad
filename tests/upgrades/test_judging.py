"""What a migration may do while processes of the release before go on reading and writing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations import operations as ops

from tests.upgrades.judging import BIG, SMALL, SMALL_APPS
from tests.upgrades.linting import judge_one
from tests.upgrades.planting import fields, migration, project
from tutela.kit.operations import AddCheckGently, AddIndexGently

TAKES = "takes away what the running release may use"
EMPTY = "adds a column that the running release leaves empty: give it null or a db_default"
WAITS = "indexes a big table while writers wait: AddIndexGently"
WAITS_FIELD = "indexes a big table while writers wait: db_index=False, and AddIndexGently"
CHECKS = "checks a big table while writers wait: AddCheckGently"
FORBIDS = "forbids what the running release may write"
ALONE = "must stand alone, in a migration with atomic = False"
BACK = "has no way back: reverse_code, if only RunPython.noop"
INDEX = models.Index(fields=["kind"], name="note_kind")
CHECK = models.CheckConstraint(condition=models.Q(size__gte=0), name="note_size")
ONCE = models.UniqueConstraint(fields=["kind"], name="note_once")
NOTHING = migrations.RunPython.noop


def reasons(
    operations: Sequence[ops.base.Operation], app: str = "quizzes", *, atomic: bool = True
) -> list[str]:
    """Return why these operations are refused in one migration, on a table that is known."""
    columns = {
        "kind": fields.CharField(max_length=20),
        "why": fields.CharField(max_length=20, null=True),
        "size": fields.IntegerField(db_default=0),
    }
    constraints = [
        models.UniqueConstraint(fields=["why"], name="why_once"),
        models.CheckConstraint(condition=models.Q(size__lt=9), name="small_size"),
    ]
    state = project(app, columns, constraints=constraints, indexes=[INDEX])
    lines = judge_one(
        migration(app, "0002_next", operations, atomic=atomic), state, frozenset({(app, "note")})
    )
    return [line.rpartition(f"{operations[-1].describe()}: ")[2] for line in lines]


def born(*more: ops.base.Operation) -> list[ops.base.Operation]:
    """Return operations on a table that is made in the same release."""
    columns = [
        ("id", fields.BigAutoField(primary_key=True)),
        ("kind", fields.CharField(max_length=20)),
    ]
    return [ops.CreateModel("New", columns), *more]


def add(field: Any) -> ops.AddField:
    return ops.AddField("note", "more", field)


def alter(name: str, field: Any) -> ops.AlterField:
    return ops.AlterField("note", name, field)


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (ops.RemoveField("note", "why"), [TAKES]),
        (ops.RenameField("note", "why", "reason"), [TAKES]),
        (ops.RenameModel("Note", "Remark"), [TAKES]),
        (ops.DeleteModel("Note"), [TAKES]),
        (ops.AlterModelTable("Note", "notes"), [TAKES]),
        (add(fields.CharField(max_length=5, default="")), [EMPTY]),
        (add(fields.CharField(max_length=5, db_default="")), []),
        (add(fields.CharField(max_length=5, null=True)), []),
        (add(fields.IntegerField(null=True, db_index=True)), [WAITS_FIELD]),
        (add(fields.ForeignKey("quizzes.note", models.CASCADE, null=True)), [WAITS_FIELD]),
        (alter("why", fields.CharField(max_length=20)), ["forbids NULL, which the running release may write"]),
        (alter("kind", fields.CharField(max_length=20, null=True)), []),
        (alter("kind", fields.CharField(max_length=20, verbose_name="kind")), []),
        (alter("kind", fields.CharField(max_length=40)), []),
        (alter("kind", fields.TextField()), []),
        (alter("kind", fields.CharField(max_length=10)), ["turns CharField (20) into CharField (10) and writes the table anew or loses something"]),
        (alter("kind", fields.IntegerField()), ["turns CharField (20) into IntegerField and writes the table anew or loses something"]),
        (alter("kind", fields.CharField(max_length=20, db_column="sort")), ["moves the column"]),
        (alter("kind", fields.CharField(max_length=20, db_index=True)), [WAITS_FIELD]),
        (alter("kind", fields.CharField(max_length=20, unique=True)), ["forbids doubles, which the running release may write", WAITS_FIELD]),
        (alter("size", fields.IntegerField()), ["drops the default that stands in for older code"]),
        (ops.AddIndex("note", models.Index(fields=["why"], name="note_why")), [WAITS]),
        (ops.RemoveIndex("note", "note_kind"), []),
        (ops.AddConstraint("note", CHECK), [CHECKS, FORBIDS]),
        (ops.AddConstraint("note", ONCE), [CHECKS, FORBIDS]),
        (ops.RemoveConstraint("note", "small_size"), []),
        (ops.RemoveConstraint("note", "why_once"), ["takes away a uniqueness that the running release relies on"]),
        (ops.AlterUniqueTogether("note", {("kind", "why")}), ["changes what the running release may write or relies on"]),
        (ops.AlterModelOptions("note", {"verbose_name": "note"}), []),
        (migrations.RunPython(NOTHING), [BACK]),
        (migrations.RunPython(NOTHING, NOTHING), []),
        (migrations.RunSQL("DROP TABLE note"), ["is of a kind that is not judged here"]),
        (ops.SeparateDatabaseAndState(state_operations=[ops.RemoveField("note", "why")]), []),
        (ops.SeparateDatabaseAndState(database_operations=[ops.RemoveField("note", "why")]), [TAKES]),
        (AddIndexGently("note", models.Index(fields=["why"], name="note_why")), [ALONE]),
        (AddCheckGently("note", CHECK), [ALONE, FORBIDS]),
    ],
    ids=lambda value: value.describe() if isinstance(value, ops.base.Operation) else "",
)  # fmt: skip
def test_what_a_known_big_table_bears(operation: ops.base.Operation, why: list[str]) -> None:
    assert reasons([operation]) == why


@pytest.mark.parametrize(
    "operation",
    [
        ops.AddField("new", "more", fields.CharField(max_length=5, db_index=True)),
        ops.AddIndex("new", models.Index(fields=["kind"], name="new_kind")),
        ops.AddConstraint("new", models.UniqueConstraint(fields=["kind"], name="new_once")),
        ops.AlterField("new", "kind", fields.IntegerField()),
        ops.AlterUniqueTogether("new", {("kind",)}),
        ops.RemoveField("new", "kind"),
        ops.DeleteModel("new"),
    ],
    ids=lambda operation: operation.describe(),
)
def test_a_new_table_bears_everything(operation: ops.base.Operation) -> None:
    assert reasons(born(operation)) == []


def test_a_small_table_may_be_indexed_while_writers_wait() -> None:
    index = ops.AddIndex("note", models.Index(fields=["why"], name="note_why"))

    assert reasons([index], "courses") == []
    assert reasons([ops.AddConstraint("note", CHECK)], "courses") == [FORBIDS]


@pytest.mark.parametrize(
    ("others", "atomic", "why"),
    [([], False, []), ([], True, [ALONE]), (born(), False, [ALONE])],
)
def test_a_gentle_operation_stands_alone(
    others: list[ops.base.Operation], atomic: bool, why: list[str]
) -> None:
    index = AddIndexGently("note", models.Index(fields=["why"], name="note_why"))

    assert reasons([*others, index], atomic=atomic) == why


def test_filling_data_stands_apart_from_changing_tables() -> None:
    why = "fills data between changes of tables: give it a migration of its own"

    assert reasons(born(migrations.RunPython(NOTHING, NOTHING))) == [why]
    assert reasons([migrations.RunPython(NOTHING, NOTHING)] * 2) == []


def test_every_table_named_as_big_or_small_is_there() -> None:
    ours = {model._meta.label_lower for model in apps.get_models()}

    assert ours >= SMALL | BIG
    assert {config.label for config in apps.get_app_configs()} >= SMALL_APPS
