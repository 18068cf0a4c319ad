"""Drawing: fair, repeatable, fresh where it can be, and with its critical questions."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.drawing import Candidate, PoolTooSmallError, draw_questions, shuffle_choices

POOL = [Candidate(f"q{number:02}") for number in range(20)]
CRITICAL = [Candidate(f"c{number}", rule=f"rule-{number // 3}") for number in range(6)]
seeds = st.integers(0, 2**63 - 1)


def test_same_seed_same_draw() -> None:
    first = draw_questions(POOL, count=10, critical_minimum=0, seed=7)
    assert draw_questions(reversed(POOL), count=10, critical_minimum=0, seed=7) == first


@given(seed=seeds)
def test_draw_has_no_question_twice(seed: int) -> None:
    drawn = draw_questions(POOL + CRITICAL, count=10, critical_minimum=2, seed=seed)
    assert len(set(drawn)) == 10


@given(seed=seeds)
def test_critical_minimum_with_different_rules(seed: int) -> None:
    drawn = draw_questions(POOL + CRITICAL, count=3, critical_minimum=2, seed=seed)
    rules = Counter(candidate.rule for candidate in CRITICAL if candidate.key in drawn)
    assert len(rules) == 2


@given(seed=seeds)
def test_avoids_what_was_seen_last(seed: int) -> None:
    seen = draw_questions(POOL, count=10, critical_minimum=0, seed=seed)
    again = draw_questions(POOL, count=10, critical_minimum=0, seed=seed + 1, avoid=seen)
    assert set(again).isdisjoint(seen)


def test_takes_seen_questions_where_the_rest_does_not_suffice() -> None:
    seen = {candidate.key for candidate in POOL[:15]}
    drawn = draw_questions(POOL, count=10, critical_minimum=0, seed=3, avoid=seen)
    assert {candidate.key for candidate in POOL[15:]} <= set(drawn)


def test_every_question_has_the_same_chance() -> None:
    drawn = Counter(
        key
        for seed in range(4_000)
        for key in draw_questions(POOL, count=5, critical_minimum=0, seed=seed)
    )
    # 4,000 draws of 5 out of 20: 1,000 each, standard deviation 27; six of them.
    assert all(abs(drawn[candidate.key] - 1_000) < 165 for candidate in POOL)


@pytest.mark.parametrize(
    ("pool", "count", "critical_minimum"),
    [(POOL, 21, 0), (POOL, 5, 1), (CRITICAL, 6, 7), ([], 1, 0)],
)
def test_pool_too_small(pool: list[Candidate], count: int, critical_minimum: int) -> None:
    with pytest.raises(PoolTooSmallError):
        draw_questions(pool, count=count, critical_minimum=critical_minimum, seed=1)


@given(seed=seeds, position=st.integers(1, 40))
def test_choices_are_shuffled_once_and_for_all(seed: int, position: int) -> None:
    order = shuffle_choices("dcba", seed=seed, position=position)
    assert sorted(order) == list("abcd")
    assert order == shuffle_choices("abcd", seed=seed, position=position)


def test_every_order_of_choices_has_the_same_chance() -> None:
    orders = Counter(
        "".join(shuffle_choices("abc", seed=seed, position=1)) for seed in range(6_000)
    )
    assert len(orders) == 6
    assert all(abs(count - 1_000) < 175 for count in orders.values())
