"""Drawing questions from a pool: pure, fair and repeatable from its seed."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


class PoolTooSmallError(ValueError):
    """The pool cannot fill the draw, or holds too few critical questions."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question of the pool: its key, and the critical rule that it tests, or ''."""

    key: str
    rule: str = ""


def draw_questions(
    pool: Iterable[Candidate],
    *,
    count: int,
    critical_minimum: int,
    seed: int,
    avoid: Collection[str] = (),
) -> list[str]:
    """Return `count` keys in random order, among them critical ones of different rules first.

    Every question has the same chance within its group; what stands in `avoid` (the last attempt's
    questions) is taken only where the rest does not suffice.

    Raises `PoolTooSmallError` where the pool cannot give `count` questions or the critical minimum.
    """
    candidates = sorted(pool, key=lambda candidate: candidate.key)  # the same seed, the same draw
    critical = sum(1 for candidate in candidates if candidate.rule)
    if len(candidates) < count or critical < critical_minimum:
        raise PoolTooSmallError(
            f"{len(candidates)} questions, {critical} of them critical; "
            f"{count} and {critical_minimum} are needed"
        )
    chance = random.Random(seed)  # noqa: S311  (fairness, not secrecy)
    chance.shuffle(candidates)
    candidates.sort(key=lambda candidate: candidate.key in avoid)  # stable: fresh ones first
    chosen = _critical_first(candidates)[:critical_minimum]
    rest = [candidate for candidate in candidates if candidate not in chosen]
    drawn = [candidate.key for candidate in chosen + rest[: count - len(chosen)]]
    chance.shuffle(drawn)
    return drawn


def _critical_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the critical candidates, one of each rule before a second of any."""
    rounds: dict[str, int] = defaultdict(int)
    ranked: list[tuple[int, int, Candidate]] = []
    for place, candidate in enumerate(candidates):
        if candidate.rule:
            ranked.append((rounds[candidate.rule], place, candidate))
            rounds[candidate.rule] += 1
    return [candidate for _, _, candidate in sorted(ranked, key=lambda entry: entry[:2])]


def shuffle_choices(keys: Sequence[str], *, seed: int, position: int) -> list[str]:
    """Return the choices of one question in the order that this attempt shows."""
    shuffled = sorted(keys)
    random.Random(f"{seed}:{position}").shuffle(shuffled)  # noqa: S311
    return shuffled
