"""Readings: registered once, read together, ill where they cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tutela.work import watching
from tutela.work.watching import Reading, State, Watched, falling, rising, worst

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_watched", {})


def read_well(at: datetime) -> Iterator[Reading]:
    yield Reading("things", State.WELL, 3, f"3 things at {at:%H}.")


def read_badly(at: datetime) -> Iterator[Reading]:
    raise RuntimeError


def test_one_that_fails_hides_nothing_of_the_others() -> None:
    watching.register(Watched("broken", "Broken", read_badly))
    watching.register(Watched("well", "Well", read_well))

    found = [reading for _watched, readings in watching.read_all(at=AT) for reading in readings]

    assert [(reading.code, reading.state) for reading in found] == [
        ("things", State.WELL),
        ("broken_unread", State.ILL),
    ]
    assert found[0].note == "3 things at 12."


def test_a_name_is_taken_once() -> None:
    watching.register(Watched("well", "Well", read_well))
    watching.register(Watched("well", "Well", read_well))

    with pytest.raises(ValueError, match="well"):
        watching.register(Watched("well", "Well", read_badly))


@pytest.mark.parametrize(
    ("value", "state"), [(0, State.WELL), (1, State.LOOK), (4, State.LOOK), (5, State.ILL)]
)
def test_a_number_that_should_be_low(value: float, state: State) -> None:
    assert rising(value, look=1, ill=5) == state


@pytest.mark.parametrize(("value", "state"), [(11, "well"), (10, "look"), (3, "ill"), (0, "ill")])
def test_a_number_that_should_be_high(value: float, state: str) -> None:
    assert falling(value, look=10, ill=3) == state


def test_the_worst_of_several() -> None:
    assert worst([State.LOOK, State.ILL, State.WELL]) == State.ILL
    assert worst([]) == State.WELL
