"""The migrations since the last release fit it, or an exception says why they may go through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tests.upgrades import linting, released
from tests.upgrades.linting import Step
from tests.upgrades.planting import fields, migration

if TYPE_CHECKING:
    from pathlib import Path

    from tests.upgrades.released import Name

pytestmark = pytest.mark.django_db  # wagtail-localize's first migration asks the database

MISSED = fields.BooleanField(null=True)
TAKES = ": Remove field critical_missed from attempt: takes away what the running release may use"
# How a column goes: first from the models, and a release later from the table.
FORGET = ops.SeparateDatabaseAndState(
    state_operations=[ops.RemoveField("attempt", "critical_missed")]
)
DROP = (
    ops.SeparateDatabaseAndState(
        state_operations=[ops.AddField("attempt", "critical_missed", MISSED)]
    ),
    ops.RemoveField("attempt", "critical_missed"),
)


@pytest.fixture
def loader() -> MigrationLoader:
    """Give our migrations, to which a test may add."""
    return MigrationLoader(None)


def plant(loader: MigrationLoader, number: int, *operations: ops.base.Operation) -> str:
    """Add a migration of quizzes after those that are there, and return its name."""
    (leaf,) = loader.graph.leaf_nodes("quizzes")
    planted = migration("quizzes", f"{number}_planted", operations, after=[leaf])
    key = ("quizzes", planted.name)
    loader.graph.add_node(key, planted)
    loader.graph.add_dependency(planted, key, leaf)
    return ".".join(key)


def told(loader: MigrationLoader, known: frozenset[Name], *steps: Step) -> list[str]:
    return list(linting.judged(loader, known, list(steps)))


@pytest.fixture
def releases(monkeypatch: pytest.MonkeyPatch) -> dict[str, frozenset[Name]]:
    """Give the releases that are known, to which a test may add."""
    known: dict[str, frozenset[Name]] = {}
    monkeypatch.setattr(released, "releases", lambda: sorted(known))
    monkeypatch.setattr(released, "migrations_of", lambda release: known[release])
    return known


def test_the_migrations_of_the_release_in_the_making_fit() -> None:
    assert linting.faults() == []


def test_what_was_released_is_not_judged(loader: MigrationLoader) -> None:
    planted = plant(loader, 9998, ops.RemoveField("attempt", "critical_missed"))

    assert told(loader, frozenset(loader.graph.nodes)) == []
    assert told(loader, frozenset(loader.graph.nodes) - {("quizzes", "9998_planted")}) == [
        f"{planted}{TAKES}"
    ]


def test_a_column_goes_in_two_releases(
    loader: MigrationLoader, releases: dict[str, frozenset[Name]]
) -> None:
    releases["1.0.0"] = frozenset(loader.graph.nodes)
    plant(loader, 9998, FORGET)
    assert told(loader, releases["1.0.0"]) == []
    releases["1.1.0"] = frozenset(loader.graph.nodes)
    planted = plant(loader, 9999, *DROP)

    assert told(loader, releases["1.1.0"]) == [f"{planted}{TAKES}"]
    assert told(loader, releases["1.1.0"], Step(planted, "Unused.", since="1.1.0")) == []
    assert told(loader, releases["1.1.0"], Step(planted, "Unused.", since="1.0.0")) == [
        f"{planted}: Remove field critical_missed from attempt: 1.0.0 still uses it"
    ]


@pytest.mark.parametrize(
    ("since", "closed", "why"),
    [
        ("", True, []),
        ("1.0.0", True, ["say either since which release, or closed = true"]),
        ("", False, ["say either since which release, or closed = true"]),
        ("0.7.0", False, ["0.7.0 is no release of which a database is kept"]),
    ],
)
def test_an_exception_says_one_thing_that_is_true(
    loader: MigrationLoader,
    releases: dict[str, frozenset[Name]],
    since: str,
    closed: bool,
    why: list[str],
) -> None:
    releases["1.0.0"] = frozenset(loader.graph.nodes)
    planted = plant(loader, 9999, ops.RemoveField("attempt", "critical_missed"))
    step = Step(planted, "Unused.", since=since, closed=closed)

    assert told(loader, releases["1.0.0"], step) == [f"{planted}: {line}" for line in why]


def test_an_exception_that_nothing_needs_is_a_fault(loader: MigrationLoader) -> None:
    step = Step("quizzes.0001_first", "Long ago.", closed=True)

    assert told(loader, frozenset(loader.graph.nodes), step) == [
        "quizzes.0001_first: is let through by exceptions.toml, but nothing refuses it"
    ]


@pytest.mark.parametrize(
    ("release", "expected"),
    [("0.1.0", None), ("0.1.1", "0.1.0"), ("0.10.0", "0.9.0"), ("9.0.0", "0.10.0")],
)
def test_the_release_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, release: str, expected: str | None
) -> None:
    for kept in ("0.10.0", "0.9.0", "0.1.0"):
        (tmp_path / f"{kept}.sqlite3.xz").touch()
    monkeypatch.setattr(released, "FOLDER", tmp_path)

    assert released.before(release) == expected


@pytest.mark.django_db(transaction=True)
def test_the_two_steps_drop_the_column(loader: MigrationLoader) -> None:
    state = ProjectState()
    for name in linting.plan(loader):
        state = loader.graph.nodes[name].mutate_state(state, preserve=False)
    for number, operations in ((9998, (FORGET,)), (9999, DROP)):
        plant(loader, number, *operations)
        with connection.schema_editor() as editor:
            state = loader.graph.nodes["quizzes", f"{number}_planted"].apply(state, editor)
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, "quizzes_attempt")
        assert ("critical_missed" in {column.name for column in columns}) is (number == 9998)
