from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from organisations.days import day_of, months_before
from organisations.rounding import rounded


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2026, 3, 2)),
        ("Europe/Warsaw", date(2026, 3, 3)),
        ("America/New_York", date(2026, 3, 2)),
        ("Asia/Tbilisi", date(2026, 3, 3)),
    ],
)
def test_the_day_is_the_day_in_the_zone(zone: str, day: date) -> None:
    assert day_of(datetime(2026, 3, 2, 23, 30, tzinfo=UTC), zone=zone) == day


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 15), 24, date(2024, 1, 15)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
    ],
)
def test_months_before_keeps_to_the_end_of_short_months(
    day: date, months: int, before: date
) -> None:
    assert months_before(day, months) == before


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (1, 0), (2, 0), (3, 5), (5, 5), (7, 5), (8, 10), (1234, 1235)]
)
def test_counts_are_rounded_to_the_nearest_five(count: int, shown: int) -> None:
    assert rounded(count) == shown
