"""Readings: what an operator watches. Each room tells what it knows; nobody here knows the rooms.

A reading is a number with a state and a sentence that says both to people. It names no person, no
address, no organisation and no page.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.utils.functional import Promise

    type Words = str | Promise
    type Read = Callable[[datetime], Iterable["Reading"]]

logger = logging.getLogger("tutela.work")


class State(StrEnum):
    """How a reading is; the words for people are in `SAID`."""

    WELL = "well"
    LOOK = "look"
    ILL = "ill"


SAID = {State.WELL: _("Well"), State.LOOK: _("Look at it"), State.ILL: _("Act now")}


@dataclass(frozen=True, slots=True)
class Reading:
    """One number; its code ends in its unit: `queue_oldest_seconds`."""

    code: str
    state: State
    value: float
    note: Words

    @property
    def said(self) -> Words:
        """The state in words."""
        return SAID[self.state]


@dataclass(frozen=True, slots=True)
class Watched:
    """What is read together, under one heading."""

    name: str
    label: Words
    read: Read


_watched: dict[str, Watched] = {}


def register(watched: Watched) -> None:
    """Add readings; rooms do so in `apps.ready()`."""
    if _watched.setdefault(watched.name, watched) != watched:
        raise ValueError(f"Two watched things are called {watched.name}.")


def read_all(*, at: datetime) -> list[tuple[Watched, list[Reading]]]:
    """Return every reading, the lower rooms' first; what cannot be read is ill."""
    # The rooms get ready from the top to the bottom, and what all stand on is asked for first.
    return [(watched, _read(watched, at=at)) for watched in reversed(_watched.values())]


def rising(value: float, *, look: float, ill: float = math.inf) -> State:
    """Return the state of a number that should be low: from `look` on, from `ill` on."""
    if value >= ill:
        return State.ILL
    return State.LOOK if value >= look else State.WELL


def falling(value: float, *, look: float, ill: float = -math.inf) -> State:
    """Return the state of a number that should be high: at `look` or less, at `ill` or less."""
    return rising(-value, look=-look, ill=-ill)


def worst(states: Iterable[State]) -> State:
    """Return the worst of some states."""
    return max(states, key=list(State).index, default=State.WELL)


def _read(watched: Watched, *, at: datetime) -> list[Reading]:
    try:
        return list(watched.read(at))
    except Exception:
        # One room that fails must not hide what the others know.
        logger.exception("The readings of %s failed.", watched.name)
        note = _("This could not be read. The log says why.")
        return [Reading(f"{watched.name}_unread", State.ILL, math.nan, note)]
