"""Says what in the next release's migrations does not fit the release that is running.

While a new release is put in place, processes of the one before go on reading and writing: a
migration may only add what they need not know. What it takes away must have been out of use for a
whole release; `exceptions.toml` names it and that release. CONTRIBUTING.md explains the rules.

django-migration-linter was tried: it matches patterns in the SQL of each migration, so that on
SQLite, which writes a table anew to change it, every change of a column looks like `NOT NULL`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.migrations import operations as ops
from django.db.models import NOT_PROVIDED

from tutela.kit.operations import AddCheckGently, AddIndexGently

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.migrations import Migration
    from django.db.migrations.operations.base import Operation
    from django.db.migrations.state import ProjectState

# Tables that do not grow with the number of people: changing one takes a moment.
SMALL_APPS = {"courses", "helplines", "pages", "taggit", "auth", "contenttypes", "work"}
SMALL = {"quizzes.choice", "quizzes.question", "organisations.organisation", "organisations.unit"}
BIG = {"courses.enrolment", "courses.stepprogress", "courses.completion"}
DATA = ops.RunPython | ops.RunSQL
TEXT = {"CharField", "SlugField", "FileField", "FilePathField", "TextField"}


@dataclass(frozen=True, slots=True)
class Change:
    """One operation of the next release, between two states."""

    migration: Migration
    before: ProjectState
    after: ProjectState
    known: frozenset[tuple[str, str]]  # the models that the running release knows

    @property
    def app(self) -> str:
        return self.migration.app_label

    def is_new(self, model: str) -> bool:
        """Return whether the release that is running does not know this model."""
        return (self.app, model.lower()) not in self.known

    def is_big(self, model: str) -> bool:
        """Return whether the model's table grows with the number of people."""
        name = f"{self.app}.{model.lower()}"
        is_small = name in SMALL or self.app in SMALL_APPS or self.app.startswith("wagtail")
        return not self.is_new(model) and (name in BIG or not is_small)

    def field(self, model: str, name: str) -> models.Field[Any, Any]:
        """Return the field as it is before the operation."""
        found: models.Field[Any, Any] = self.before.models[self.app, model.lower()].fields[name]
        return found


@singledispatch
def judge(operation: Operation, change: Change) -> Iterator[str]:
    """Yield why an operation does not fit the release that is running."""
    if not isinstance(operation, HARMLESS):
        yield "is of a kind that is not judged here"


HARMLESS = (
    ops.CreateModel,
    ops.AlterModelOptions,
    ops.AlterModelManagers,
    ops.AlterModelTableComment,
    ops.RemoveIndex,
    ops.RenameIndex,
)


@judge.register(ops.DeleteModel)
@judge.register(ops.RemoveField)
@judge.register(ops.RenameField)
@judge.register(ops.RenameModel)
@judge.register(ops.AlterModelTable)
@judge.register(ops.AlterOrderWithRespectTo)
def _(operation: Operation, change: Change) -> Iterator[str]:
    name = getattr(operation, "model_name", None) or getattr(operation, "old_name", None)
    if not change.is_new(name or operation.name):  # type: ignore[attr-defined]
        yield "takes away what the running release may use"


@judge.register(ops.AddField)
def _(operation: ops.AddField, change: Change) -> Iterator[str]:
    field = operation.field
    if change.is_new(operation.model_name) or field.many_to_many:
        return
    if not field.null and field.db_default is NOT_PROVIDED:
        yield "adds a column that the running release leaves empty: give it null or a db_default"
    yield from _new_index(None, field, change.is_big(operation.model_name))


@judge.register(ops.AlterField)
def _(operation: ops.AlterField, change: Change) -> Iterator[str]:
    if change.is_new(operation.model_name):
        return
    old, new = change.field(operation.model_name, operation.name), operation.field
    if old.null and not new.null:
        yield "forbids NULL, which the running release may write"
    if not is_as_wide(old, new):
        yield f"turns {kind_of(old)} into {kind_of(new)} and writes the table anew or loses something"
    if (old.db_column, old.many_to_many) != (new.db_column, new.many_to_many):
        yield "moves the column"
    if old.db_default is not NOT_PROVIDED and new.db_default is NOT_PROVIDED and not new.null:
        yield "drops the default that stands in for older code"
    if new.unique and not old.unique:
        yield "forbids doubles, which the running release may write"
    yield from _new_index(old, new, change.is_big(operation.model_name))


def _new_index(
    old: models.Field[Any, Any] | None, new: models.Field[Any, Any], is_big: bool
) -> Iterator[str]:
    if is_big and _is_indexed(new) and not _is_indexed(old):
        yield "indexes a big table while writers wait: db_index=False, and AddIndexGently"


def _is_indexed(field: models.Field[Any, Any] | None) -> bool:
    return bool(getattr(field, "db_index", False) or getattr(field, "unique", False))


def kind_of(field: models.Field[Any, Any]) -> str:
    """Return the field's type, as short as a fault needs it."""
    size = field.max_length or getattr(field, "max_digits", None)
    to = getattr(field.remote_field, "model", None)
    of = f" to {getattr(to, '_meta', to)}".lower() if to else ""
    return f"{field.get_internal_type()}{f' ({size})' if size else ''}{of}"


def is_as_wide(old: models.Field[Any, Any], new: models.Field[Any, Any]) -> bool:
    """Return whether the new column takes whatever the old one held, without being written anew."""
    kinds = old.get_internal_type(), new.get_internal_type()
    if set(kinds) <= TEXT:
        return kinds[1] == "TextField" or (
            kinds[0] != "TextField" and (new.max_length or 0) >= (old.max_length or 0)
        )
    places = ("max_digits", "decimal_places")
    return kind_of(old) == kind_of(new) and all(
        getattr(old, place, None) == getattr(new, place, None) for place in places
    )


@judge.register(ops.AddIndex)
def _(operation: ops.AddIndex, change: Change) -> Iterator[str]:
    if isinstance(operation, AddIndexGently):
        yield from _alone(change)
    elif change.is_big(operation.model_name):
        yield "indexes a big table while writers wait: AddIndexGently"


@judge.register(ops.AddConstraint)
def _(operation: ops.AddConstraint, change: Change) -> Iterator[str]:
    if change.is_new(operation.model_name):
        return
    if isinstance(operation, AddCheckGently):
        yield from _alone(change)
    elif change.is_big(operation.model_name):
        yield "checks a big table while writers wait: AddCheckGently"
    yield "forbids what the running release may write"


@judge.register(ops.RemoveConstraint)
def _(operation: ops.RemoveConstraint, change: Change) -> Iterator[str]:
    constraints = change.before.models[change.app, operation.model_name_lower].options
    found = {one.name: one for one in constraints.get("constraints", [])}.get(operation.name)
    if isinstance(found, models.UniqueConstraint) and not change.is_new(operation.model_name):
        yield "takes away a uniqueness that the running release relies on"


@judge.register(ops.AlterUniqueTogether)
@judge.register(ops.AlterIndexTogether)
@judge.register(ops.AlterConstraint)
def _(operation: Any, change: Change) -> Iterator[str]:
    if not change.is_new(getattr(operation, "model_name", "") or operation.name):
        yield "changes what the running release may write or relies on"


@judge.register(ops.RunPython)
def _(operation: ops.RunPython, change: Change) -> Iterator[str]:
    if operation.reverse_code is None:
        yield "has no way back: reverse_code, if only RunPython.noop"
    if any(not isinstance(other, DATA) for other in change.migration.operations):
        yield "fills data between changes of tables: give it a migration of its own"


@judge.register(ops.SeparateDatabaseAndState)
def _(operation: ops.SeparateDatabaseAndState, change: Change) -> Iterator[str]:
    state = change.before.clone()
    for inner in operation.database_operations:
        after = state.clone()
        inner.state_forwards(change.app, after)
        yield from judge(inner, Change(change.migration, state, after, change.known))
        state = after


def _alone(change: Change) -> Iterator[str]:
    if change.migration.atomic or len(change.migration.operations) > 1:
        yield "must stand alone, in a migration with atomic = False"
