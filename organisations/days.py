"""Days and months: arithmetic that knows no database."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo


def day_of(at: datetime, *, zone: str) -> date:
    """Return the day that an instant falls on in a time zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
