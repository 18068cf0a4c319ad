"""The operator's switch: a file by which every process of this machine knows that the site is closed.

A file and not a row, because it must work while there is no database.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from pathlib import Path

# When to ask again, where the operator named no time or it has passed; and at the earliest.
SECONDS = 300
SOONEST = 30


@dataclass(frozen=True, slots=True)
class Closing:
    """The site is closed, perhaps until an instant that the operator named."""

    until: datetime | None = None

    def seconds(self, *, at: datetime) -> int:
        """Return after how many seconds it is worth asking again."""
        if self.until is None or self.until <= at:
            return SECONDS
        return max(SOONEST, math.ceil((self.until - at).total_seconds()))


def switch() -> Path:
    """Return the file; an empty one, made by hand, closes the site, too."""
    path: Path = settings.VAR / "maintenance"
    return path


def close_site(*, until: datetime | None) -> None:
    """Close the site to visitors; the next request of every process sees it."""
    path = switch()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Put in place as a whole: a request may read it at any moment.
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(until.isoformat() if until else "", encoding="ascii")
    unfinished.replace(path)


def reopen_site() -> None:
    """Let visitors in again."""
    switch().unlink(missing_ok=True)


def closing() -> Closing | None:
    """Return how the site is closed, None where it is open."""
    try:
        text = switch().read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        return Closing()  # it is there, and that is what counts
    with suppress(ValueError):
        until = datetime.fromisoformat(text)
        return Closing(until if timezone.is_aware(until) else timezone.make_aware(until))
    return Closing()


def read_until(text: str, *, at: datetime) -> datetime:
    """Return the instant meant by `23:30` (the next one) or `2026-11-24T23:30`, in TIME_ZONE.

    Raises ValueError.
    """
    with suppress(ValueError):
        here = timezone.localtime(at)
        meant = datetime.combine(here.date(), time.fromisoformat(text), here.tzinfo)
        return meant if meant > at else meant + timedelta(days=1)
    meant = datetime.fromisoformat(text)
    return meant if timezone.is_aware(meant) else timezone.make_aware(meant)
