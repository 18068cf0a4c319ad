"""From the curriculum's words to the fields of pages and questions. Ids are made from codes, so that
a second load, another instance and every translation mean the same block.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from tutela.kit.sanitising import PROSE, clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from .reading import Node

NAMESPACE = uuid.UUID("4f1d6c1e-0b7e-5a53-9a0c-1506200611aa")
_markdown = MarkdownIt("zero").enable(["heading", "list", "emphasis", "link", "escape", "newline"])


def key_of(code: str, *path: object) -> uuid.UUID:
    """Return the key that an object, or a part of it, has on every instance."""
    return uuid.uuid5(NAMESPACE, "/".join([code, *(str(part) for part in path)]))


def html_of(markdown: str) -> str:
    """Return prose as the HTML that Wagtail's editor writes, cleaned."""
    html = _markdown.render(markdown)
    for ours, wagtails in (("strong", "b"), ("em", "i")):
        html = html.replace(f"<{ours}>", f"<{wagtails}>").replace(f"</{ours}>", f"</{wagtails}>")
    return clean(html.replace("&quot;", '"').replace("\n", " ").strip(), allow=PROSE)


def course_fields(data: Node) -> dict[str, Any]:
    """Return the fields of a `CoursePage`."""
    code = data["code"]
    return {
        "title": data["title"],
        "slug": data["slug"],
        "code": code,
        "sector": data["sector"],
        "subtitle": data["subtitle"],
        "summary": data["summary"],
        "description": html_of(data["description"]),
        "objectives": [
            _block("objective", text, code, "objective", number)
            for number, text in enumerate(data["objectives"], start=1)
        ],
        "requires": list(data.get("requires") or []),
        "validity_months": data.get("validity_months"),
        "authors": data["authors"],
        "worth": html_of(data["worth"]),
    }


def module_fields(data: Node) -> dict[str, Any]:
    """Return the fields of a `ModulePage`."""
    return {name: data[name] for name in ("title", "slug", "code", "summary")}


def quiz_fields(data: Node, *, bank: str) -> dict[str, Any]:
    """Return the fields of a `QuizPage`."""
    names = ("title", "slug", "code", "minutes", "draw", "pass_percent", "critical_minimum")
    return {**{name: data[name] for name in names}, "bank": bank}


def lesson_fields(data: Node) -> dict[str, Any]:
    """Return the fields of a `LessonPage`."""
    return {
        "title": data["title"],
        "slug": data["slug"],
        "code": data["code"],
        "objective": data["objective"],
        "objectives_taught": list(data["objectives"]),
        "minutes": data["minutes"],
        "sensitive": bool(data.get("sensitive")),
        "content_note": data.get("content_note", ""),
        "sources": "; ".join(data["sources"]),
        "body": body_of(data),
        "short_version": html_of(data.get("short", "")),
    }


def question_fields(data: Node, *, bank: str) -> dict[str, Any]:
    """Return the fields of a `Question`, without its choices."""
    return {
        "code": data["code"],
        "bank": bank,
        "kind": data["kind"],
        "stem": data["stem"],
        "critical_rule": data.get("critical", ""),
        "rule": data["rule"],
        "lesson": data["lesson"],
        "objective": data["objective"],
        "level": data["level"],
        "sources": "; ".join(data["sources"]),
        "status": data["status"],
        "jurisdiction": data["jurisdiction"],
        "review_due": data["review_due"],
    }


def choice_fields(data: Node) -> list[dict[str, Any]]:
    """Return the fields of a question's choices, in order."""
    return [
        {
            "translation_key": key_of(data["code"], "choice", choice["id"]),
            "sort_order": place,
            "key": str(choice["id"]),
            "text": choice["text"],
            "correct": bool(choice.get("correct")),
            "feedback": choice["feedback"],
        }
        for place, choice in enumerate(data["choices"])
    ]


def body_of(lesson: Node) -> list[dict[str, Any]]:
    """Return a lesson's blocks as raw StreamField data."""
    counted: dict[str, int] = {}
    blocks = []
    for block in lesson["body"]:
        kind, value = next(iter(block.items()))
        counted[kind] = counted.get(kind, 0) + 1
        path = (lesson["code"], kind, counted[kind])
        blocks.append(_block(kind, _VALUES[kind](value, path), *path))
    return blocks


def _block(kind: str, value: Any, *path: object) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(key_of(*(str(part) for part in path)))}


def _items(values: list[Any], path: tuple[object, ...]) -> list[dict[str, Any]]:
    return [_block("item", value, *path, place) for place, value in enumerate(values, start=1)]


def _check(value: Node, path: tuple[object, ...]) -> dict[str, Any]:
    choices = [
        _block(
            "item",
            {
                "text": choice["text"],
                "correct": bool(choice.get("correct")),
                "feedback": choice["feedback"],
            },
            *path,
            choice["id"],
        )
        for choice in value["choices"]
    ]
    return {"question": value["question"], "choices": choices}


def _scenario(value: Node, path: tuple[object, ...]) -> dict[str, Any]:
    nodes = [
        _block(
            "item",
            {
                "node": node["id"],
                "situation": html_of(node["situation"]),
                "choices": _items(
                    [
                        {name: choice[name] for name in ("text", "rating", "feedback", "next")}
                        for choice in node.get("choices", [])
                    ],
                    (*path, node["id"]),
                ),
            },
            *path,
            node["id"],
        )
        for node in value["nodes"]
    ]
    return {
        "title": value["title"],
        "minutes": value["minutes"],
        "introduction": html_of(value["introduction"]),
        "nodes": nodes,
    }


_VALUES: dict[str, Callable[[Any, tuple[object, ...]], Any]] = {
    "text": lambda value, _: html_of(value),
    "key_points": _items,
    "do_and_do_not": lambda value, path: {
        "do": _items(value["do"], (*path, "do")),
        "do_not": _items(value["do_not"], (*path, "do_not")),
    },
    "example": lambda value, _: {"title": value["title"], "text": html_of(value["text"])},
    "check": _check,
    "scenario": _scenario,
    "national": lambda value, _: value,
    "terms": _items,
    "in_my_role": lambda value, _: value,
}
