"""Counts for those who may not see persons: arithmetic that knows no database."""

from __future__ import annotations

STEP = 5


def rounded(count: int) -> int:
    """Return the nearest multiple of five, so that no person can be counted out of a group."""
    return STEP * ((count + STEP // 2) // STEP)
