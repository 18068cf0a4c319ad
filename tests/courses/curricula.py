"""A small curriculum of nonsense words: valid as it is, and easy to spoil."""

from __future__ import annotations

import copy
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

type Files = dict[str, Any]

WORDS = "word " * 150


def _choices() -> list[dict[str, Any]]:
    return [
        {"id": "a", "text": "Yes", "correct": True, "feedback": "Right."},
        {"id": "b", "text": "No", "feedback": "Not yet."},
        {"id": "c", "text": "Never", "feedback": "Not yet."},
    ]


def _lesson(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "slug": code.lower(),
        "title": f"Lesson {code}",
        "objective": "Select one thing.",
        "objectives": [1],
        "minutes": 8,
        "sources": ["CRC 34", "practice"],
        "body": [
            {"text": f"{WORDS}\n\n{WORDS}"},
            {"key_points": ["One.", "Two.", "Three."]},
            {"do_and_do_not": {"do": ["Stay."], "do_not": ["Run."]}},
            {"example": {"title": "At work", "text": "Somebody asks."}},
            {
                "scenario": {
                    "title": "A day",
                    "minutes": 5,
                    "introduction": "A made-up day.",
                    "nodes": [
                        {
                            "id": "n1",
                            "situation": "It begins.",
                            "choices": [
                                {"text": "Go", "rating": "best", "feedback": "Yes.", "next": "end"}
                            ],
                        },
                        {"id": "end", "situation": "It ends."},
                    ],
                }
            },
            {"check": {"question": "Which one?", "choices": _choices()}},
            {"in_my_role": "Think of your desk."},
        ],
    }


def _question(number: int) -> dict[str, Any]:
    return {
        "code": f"S-{number}",
        "lesson": "S1",
        "objective": 1,
        "kind": "single",
        "level": "apply",
        "critical": "one-rule",
        "stem": f"Question {number}?",
        "choices": _choices(),
        "rule": "The rule (CRC 34).",
        "sources": ["CRC 34"],
        "status": "V",
        "jurisdiction": "international",
        "review_due": date(2027, 11, 24),
    }


def sample_files() -> Files:
    """Return what the files hold, by name."""
    quiz = {
        "code": "sample-1-quiz",
        "slug": "quiz",
        "title": "Quiz",
        "minutes": 15,
        "draw": 2,
        "pass_percent": 80,
        "critical_minimum": 1,
    }
    module = {
        "code": "sample-1",
        "slug": "first",
        "title": "First module",
        "summary": "One sentence.",
        "lessons": ["S1", "S2"],
        "quiz": quiz,
    }
    course = {
        "code": "sample",
        "slug": "sample",
        "sector": "all",
        "title": "Sample",
        "subtitle": "Nothing",
        "summary": "One sentence.",
        "description": "For nobody.",
        "objectives": ["Select one thing."],
        "authors": "Nobody",
        "worth": "Nothing.",
        "modules": [module],
    }
    sources = [
        {"code": "CRC", "title": "A convention", "status": "V", "articles": ["19", "34"]},
        {"code": "practice", "title": "Practice", "status": "P", "articles": []},
        {"code": "hearsay", "title": "Hearsay", "status": "K", "articles": []},
    ]
    return {
        "sources.yaml": sources,
        "sample/course.yaml": course,
        "sample/s1.yaml": _lesson("S1"),
        "sample/s2.yaml": _lesson("S2"),
        "sample/sample-1.questions.yaml": [_question(number) for number in range(1, 5)],
    }


def write(folder: Path, *, spoil: Callable[[Files], object] | None = None) -> Path:
    """Write the curriculum into a folder, after something was done to it; return the folder."""
    files = copy.deepcopy(sample_files())
    if spoil:
        spoil(files)
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            file.write_bytes(content)
        elif isinstance(content, str):
            file.write_text(content, encoding="utf-8")
        else:
            file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return folder
