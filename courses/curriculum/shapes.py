"""Which keys a file of the curriculum has, and which values they take. Pure: no Django.

A rule looks at one value and yields (line, reason) for all that is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

from .reading import Node

type Rule = Callable[[Any, int], Iterator[tuple[int, str]]]

SECTORS = frozenset(
    [
        "all",
        "justice",
        "policing",
        "tourism",
        "transport",
        "social-work",
        "health",
        "civil-society",
        "religious",
        "education",
        "osce",
    ]
)
RATINGS = frozenset({"best", "acceptable", "harmful"})
LEVELS = frozenset({"remember", "understand", "apply", "analyse", "evaluate"})


def text(limit: int = 20_000) -> Rule:
    """Return the rule of a text with at most so many characters."""

    def rule(value: Any, line: int) -> Iterator[tuple[int, str]]:
        if not isinstance(value, str) or not value.strip():
            yield line, "must be a text"
        elif len(value.strip()) > limit:
            yield line, f"has {len(value.strip())} characters; at most {limit} are allowed"

    return rule


def name(pattern: str, limit: int) -> Rule:
    """Return the rule of a code or slug."""

    def rule(value: Any, line: int) -> Iterator[tuple[int, str]]:
        if not isinstance(value, str) or not re.fullmatch(pattern, value) or len(value) > limit:
            yield line, f"{value!r} is no name of at most {limit} letters, digits and hyphens"

    return rule


def whole(low: int, high: int) -> Rule:
    """Return the rule of a whole number in a range."""

    def rule(value: Any, line: int) -> Iterator[tuple[int, str]]:
        if type(value) is not int or not low <= value <= high:
            yield line, f"must be a whole number from {low} to {high}"

    return rule


def one_of(values: frozenset[str]) -> Rule:
    """Return the rule of a word of a closed list."""

    def rule(value: Any, line: int) -> Iterator[tuple[int, str]]:
        if value not in values:
            yield line, f"must be one of {', '.join(sorted(values))}"

    return rule


def is_a(kind: type, words: str) -> Rule:
    """Return the rule of a value of one Python type."""

    def rule(value: Any, line: int) -> Iterator[tuple[int, str]]:
        if type(value) is not kind:
            yield line, f"must be {words}"

    return rule


def many(item: Rule, low: int, high: int) -> Rule:
    """Return the rule of a list of so many values, each under a rule."""

    def rule(value: Any, line: int) -> Iterator[tuple[int, str]]:
        if not isinstance(value, list):
            yield line, "must be a list"
            return
        if not low <= len(value) <= high:
            yield line, f"has {len(value)} entries; {low} to {high} are asked for"
        for entry in value:
            yield from item(entry, line)

    return rule


def keys(required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    """Return the rule of a mapping: keys that must stand there, and keys that may."""
    known = {**required, **(optional or {})}

    def rule(value: Any, line: int) -> Iterator[tuple[int, str]]:
        if not isinstance(value, Node):
            yield line, "must hold keys with values"
            return
        for key in sorted(set(value) - set(known)):
            yield value.line, f"unknown key {key!r}"
        for key, check in known.items():
            if value.get(key) not in (None, "", []):
                for where, reason in check(value[key], value.line):
                    yield where, reason if where != value.line else f"{key!r}: {reason}"
            elif key in required:
                yield value.line, f"{key!r} is missing"

    return rule


def block(value: Any, line: int) -> Iterator[tuple[int, str]]:
    """Check one block of a lesson: a mapping of one key, its kind."""
    if not isinstance(value, Node) or len(value) != 1 or set(value) - set(BLOCKS):
        where = value.line if isinstance(value, Node) else line
        yield where, f"a block is one of {', '.join(sorted(BLOCKS))}"
        return
    kind = next(iter(value))
    yield from keys({kind: BLOCKS[kind]})(value, line)


CODE = name(r"[A-Za-z0-9-]+", 60)
SLUG = name(r"[a-z0-9-]+", 60)
ID = name(r"[a-z0-9-]+", 12)
NODE = name(r"[a-z0-9-]+", 24)
FLAG = is_a(bool, "true or false")
DAY = is_a(dt.date, "a day: 2027-11-24")
SOURCES = many(text(120), 1, 20)

CHOICE = keys({"id": ID, "text": text(), "feedback": text()}, {"correct": FLAG})
STEP = keys({"text": text(), "rating": one_of(RATINGS), "feedback": text(), "next": NODE})
SCENARIO = keys(
    {
        "title": text(255),
        "minutes": whole(1, 30),
        "introduction": text(),
        "nodes": many(
            keys({"id": NODE, "situation": text()}, {"choices": many(STEP, 1, 6)}), 2, 60
        ),
    }
)
BLOCKS: dict[str, Rule] = {
    "text": text(),
    "key_points": many(text(), 3, 5),
    "do_and_do_not": keys({"do": many(text(), 1, 12), "do_not": many(text(), 1, 12)}),
    "example": keys({"title": text(255), "text": text()}),
    "check": keys({"question": text(), "choices": many(CHOICE, 2, 6)}),
    "scenario": SCENARIO,
    "national": one_of(frozenset({"reporting", "emergency"})),
    "terms": many(SLUG, 2, 5),
    "in_my_role": text(),
}
LESSON = keys(
    {
        "code": CODE,
        "slug": SLUG,
        "title": text(255),
        "objective": text(),
        "objectives": many(whole(1, 30), 1, 30),
        "minutes": whole(6, 12),
        "sources": SOURCES,
        "body": many(block, 4, 60),
    },
    {"sensitive": FLAG, "content_note": text(), "short": text()},
)
QUESTION = keys(
    {
        "code": CODE,
        "lesson": CODE,
        "objective": whole(1, 30),
        "kind": one_of(frozenset({"single", "several"})),
        "level": one_of(LEVELS),
        "stem": text(),
        "choices": many(CHOICE, 3, 8),
        "rule": text(),
        "sources": SOURCES,
        "status": one_of(frozenset({"V", "P"})),
        "jurisdiction": text(60),
        "review_due": DAY,
    },
    {"critical": SLUG},
)
QUIZ = keys(
    {
        "code": CODE,
        "slug": SLUG,
        "title": text(255),
        "minutes": whole(1, 120),
        "draw": whole(1, 100),
        "pass_percent": whole(1, 100),
        "critical_minimum": whole(0, 100),
    }
)
MODULE = keys(
    {
        "code": SLUG,
        "slug": SLUG,
        "title": text(255),
        "summary": text(),
        "lessons": many(CODE, 1, 30),
        "quiz": QUIZ,
    }
)
COURSE = keys(
    {
        "code": SLUG,
        "slug": SLUG,
        "sector": one_of(SECTORS),
        "title": text(255),
        "subtitle": text(120),
        "summary": text(),
        "description": text(),
        "objectives": many(text(), 1, 30),
        "authors": text(200),
        "worth": text(),
        "modules": many(MODULE, 1, 30),
    },
    {"requires": many(SLUG, 0, 20), "validity_months": whole(1, 600)},
)
CITABLE = keys(
    {"code": text(40), "title": text(), "status": one_of(frozenset({"V", "P", "K"}))},
    {"articles": many(text(40), 0, 500), "group": text(), "note": text()},
)
WORD = text(200)
PARTICULAR = {
    "alternatives": many(WORD, 0, 12),
    "avoided": many(WORD, 0, 12),
    "usage": text(400),
    "confirmed": many(WORD, 0, 12),
}
# A term in another language: its standing and what replaces it are the source's.
TRANSLATED_TERM = keys(
    {"code": SLUG, "term": WORD}, {"definition": text(600), "note": text(600), **PARTICULAR}
)
TERM = keys(
    {"code": SLUG, "term": WORD, "definition": text(600)},
    {
        "standing": one_of(frozenset({"preferred", "care", "avoid"})),
        "replaced_by": SLUG,
        "note": text(600),
        **PARTICULAR,
    },
)
