"""A backup that is late, too late, or was never taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tutela.upkeep.readings import backup_reading


@pytest.mark.parametrize(
    ("hours", "state"), [(1, "well"), (25, "well"), (26, "look"), (71, "look"), (72, "ill")]
)
def test_a_backup_gets_old(hours: int, state: str) -> None:
    reading = backup_reading(timedelta(hours=hours))

    assert (reading.state, reading.value) == (state, hours * 3600)
    assert reading.note == f"The last backup was taken {hours} h ago."


def test_no_backup_is_the_oldest_of_all() -> None:
    reading = backup_reading(None)

    assert (reading.state, reading.value) == ("ill", float("inf"))
