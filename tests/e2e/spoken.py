"""What a screen reader says of a page, in reading order, kept in `spoken/` as one file a page kind.

`RENEW_SPOKEN=1 pytest tests/e2e/test_accessibility.py -k en` writes the files anew: read what changed
as a listener would, then commit them.
"""

from __future__ import annotations

import os
import re
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from quizzes.models import QuestionText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Page

FOLDER = Path(__file__).parent / "spoken"
RENEWS = bool(os.environ.get("RENEW_SPOKEN"))
# Playwright quotes what YAML would misread, which depends on the words.
QUOTED = re.compile(r"^( *- )'(.*)'(:?.*)$", re.MULTILINE)
VALUE = re.compile(r'^( *- [^"\n]*|.*\]): "(.*)"$', re.MULTILINE)
# Everything of these pages is kept, of the others what stands between the menu and the footer.
WHOLE = {"home", "my learning"}
# What differs from day to day and from run to run, and what is said instead.
VARIES = (
    (re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}(, [\d:]+( [ap]\.?m\.?)?)?"), "(date)"),
    (re.compile(r"\b\d\d/\d\d/\d{4}"), "(date)"),
    (re.compile(r"https?://[^\s\"]+"), "(address)"),
    (re.compile(r"\b(?:[0-9A-Z]{4}-){6}[0-9A-Z]{2}\b|\b[0-9A-Z]{26,}\b"), "(code)"),
    (re.compile(r"\b[0-9a-f]{8}\b(?!-)"), "(code)"),
    (re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b"), "(code)"),
    (re.compile(r"/attempts/\d+/"), "/attempts/(number)/"),
    (re.compile(r"/members/\d+/"), "/members/(number)/"),
    (re.compile(r"/invitations/\d+/"), "/invitations/(number)/"),
    (re.compile(r"/join/[^/\s]+/"), "/join/(token)/"),
    (re.compile(r"holder=\S+"), "holder=(code)"),
)


def drawn_texts() -> dict[str, str]:
    """Return every text of a question, which chance draws, with what is said instead."""
    found: dict[str, str] = {}
    for text in QuestionText.objects.filter(locale="en"):
        found[text.texts["stem"]] = "(question)"
        found[text.texts["rule"]] = "(rule)"
        for choice in text.texts["choices"].values():
            found[choice["text"]] = "(answer)"
            found[choice["feedback"]] = "(feedback)"
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def spoken(page: Page, name: str, drawn: dict[str, str]) -> str:
    """Return roles, names and states in reading order, without what varies."""
    text = page.locator("body" if name in WHOLE else ".page").aria_snapshot()
    text = QUOTED.sub(lambda line: line[1] + line[2].replace("''", "'") + line[3], text)
    text = VALUE.sub(r"\1: \2", text).replace('\\"', '"')
    for words, instead in drawn.items():
        text = text.replace(words, instead)
    for pattern, instead in VARIES:
        text = pattern.sub(instead, text)
    return text.rstrip() + "\n"


def file_of(name: str) -> Path:
    """Return where what is spoken of a page kind is kept."""
    return FOLDER / (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") + ".txt")


def differences(kept: str, said: str) -> list[str]:
    """Return the first lines in which two spoken sequences differ."""
    lines = unified_diff(kept.splitlines(), said.splitlines(), lineterm="", n=0)
    differing = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    return [f"spoken otherwise: {line}" for line in differing[:5]]


def compare(name: str, said: str) -> list[str]:
    """Return how a page differs from its file, or write the file where that was asked for."""
    path = file_of(name)
    if RENEWS:
        FOLDER.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    return differences(path.read_text(encoding="utf-8") if path.exists() else "", said)


def forgotten(names: Iterable[str]) -> list[str]:
    """Return the files of page kinds that there are no longer."""
    kept = {file_of(name) for name in names}
    return [f"spoken of no page: {path.name}" for path in FOLDER.glob("*.txt") if path not in kept]
