"""Compares the migrations since the last release with what it lets a next one do."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from . import released
from .judging import Change, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.migrations import Migration

    from .released import Name

EXCEPTIONS = released.FOLDER / "exceptions.toml"


@dataclass(frozen=True, slots=True)
class Step:
    """A migration that is let through, with the reason.

    Either nothing has needed it `since` a release, or the release notes ask to close the site.
    """

    migration: str
    reason: str
    since: str = ""
    closed: bool = False


def faults() -> list[str]:
    """Return what is wrong with the migrations of the release in the making, a line each."""
    steps = [Step(**row) for row in tomllib.loads(EXCEPTIONS.read_text("utf-8")).get("step", [])]
    running = released.before(released.present())
    loader = MigrationLoader(None)
    if running is None:
        return list(_idle(steps, set()))
    known = released.migrations_of(running)
    gone = sorted(known - set(loader.disk_migrations))
    return [
        *(f"{app}.{name}: was released in {running}, and is gone" for app, name in gone),
        *judged(loader, known, steps),
    ]


def judged(loader: MigrationLoader, known: frozenset[Name], steps: list[Step]) -> Iterator[str]:
    """Yield what does not fit a release that knows these, and no exception lets through."""
    through = {step.migration: step for step in steps}
    refused: set[str] = set()
    for name, lines in judge_all(loader, known):
        label = ".".join(name)
        if not lines:
            continue
        refused.add(label)
        if label in through:
            yield from _unfounded(loader, loader.graph.nodes[name], through[label])
        else:
            yield from lines
    yield from _idle(steps, refused)


def judge_all(loader: MigrationLoader, known: frozenset[Name]) -> Iterator[tuple[Name, list[str]]]:
    """Yield each migration that is not known with what does not fit a release that knows these."""
    order = plan(loader)
    state = state_of(loader, known)
    models = frozenset(state.models)
    for name in (name for name in order if name not in known):
        yield name, list(judge_one(loader.graph.nodes[name], state, models))


def judge_one(
    migration: Migration, state: ProjectState, models: frozenset[tuple[str, str]]
) -> Iterator[str]:
    """Yield what does not fit in a migration, and carry the state over it."""
    for operation in migration.operations:
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        for why in judge(operation, Change(migration, before, state, models)):
            yield f"{migration.app_label}.{migration.name}: {operation.describe()}: {why}"


def plan(loader: MigrationLoader) -> list[Name]:
    """Return every migration after what it depends on."""
    leaves = sorted(loader.graph.leaf_nodes())
    return list(dict.fromkeys(name for leaf in leaves for name in loader.graph.forwards_plan(leaf)))


def state_of(loader: MigrationLoader, known: Iterable[Name]) -> ProjectState:
    """Return the models as a release that has these migrations knows them."""
    state = ProjectState()
    names = set(known)
    for name in (name for name in plan(loader) if name in names):
        state = loader.graph.nodes[name].mutate_state(state, preserve=False)
    return state


def _unfounded(loader: MigrationLoader, migration: Migration, step: Step) -> Iterator[str]:
    """Yield why an exception does not hold: what it takes away must be unknown since its release."""
    if bool(step.since) == step.closed:
        yield f"{step.migration}: say either since which release, or closed = true"
    elif step.since and step.since not in released.releases():
        yield f"{step.migration}: {step.since} is no release of which a database is kept"
    elif step.since:
        models = state_of(loader, released.migrations_of(step.since)).models
        for operation in _taken(migration.operations):
            name = getattr(operation, "model_name", None) or operation.name
            model = models.get((migration.app_label, name.lower()))
            if model and getattr(operation, "name", "") in {model.name, *model.fields}:
                yield f"{step.migration}: {operation.describe()}: {step.since} still uses it"


def _taken(operations: Iterable[ops.base.Operation]) -> Iterator[ops.RemoveField | ops.DeleteModel]:
    for operation in operations:
        if isinstance(operation, ops.SeparateDatabaseAndState):
            yield from _taken(operation.database_operations)
        elif isinstance(operation, ops.RemoveField | ops.DeleteModel):
            yield operation


def _idle(steps: list[Step], refused: set[str]) -> Iterator[str]:
    for step in steps:
        if step.migration not in refused:
            yield f"{step.migration}: is let through by exceptions.toml, but nothing refuses it"
