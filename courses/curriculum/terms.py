"""Reads the glossary's files, one a language, and refuses a bad one with its name, line and reason.

Pure: it knows nothing of Django. The format is described in `README.md` beside this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reading import CurriculumError, Node, name_of, read_yaml
from .shapes import TERM, TRANSLATED_TERM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "glossary"
AVOID = "avoid"

type Glossary = dict[str, list[Node]]


def codes_of(folder: Path, source: str = "en") -> frozenset[str]:
    """Return the codes of all terms, for lessons to name; what is wrong with them is said elsewhere."""
    rows = read_yaml(folder / FOLDER / f"{source}.yaml", list, []) or []
    return frozenset(str(row.get("code")) for row in rows if isinstance(row, Node))


def read_glossary(folder: Path, *, source: str = "en") -> Glossary:
    """Return the terms of each language, the source's first; empty where there is no glossary.

    Raises `CurriculumError` with every problem found.
    """
    files = {file.stem: file for file in sorted((folder / FOLDER).glob("*.yaml"))}
    if not files:
        return {}
    problems: list[str] = []
    terms: Glossary = {}
    for language in [source, *sorted(set(files) - {source})]:
        file = folder / FOLDER / f"{language}.yaml"
        rows = read_yaml(file, list, problems) or []
        rule = TERM if language == source else TRANSLATED_TERM
        found = [(line, reason) for row in rows for line, reason in rule(row, 1)]
        problems += [f"{name_of(file)}:{line}: {reason}" for line, reason in found]
        terms[language] = rows
    if not problems:
        problems = [*_flaws_of_source(terms[source]), *_flaws_together(terms, source)]
    if problems:
        raise CurriculumError(problems)
    return terms


def _flaws_of_source(rows: list[Node]) -> Iterator[str]:
    """Yield what is wrong with avoided terms: none is ever shown without a better one and a reason."""
    usable = {row["code"] for row in rows if row.get("standing") != AVOID}
    for row in rows:
        better = row.get("replaced_by")
        if row.get("standing") == AVOID and not (better and row.get("note")):
            yield f"{row.place}: a term to avoid needs 'replaced_by' and a 'note' that says why"
        if better and better not in usable:
            yield f"{row.place}: there is no term {better!r} to use instead"


def _flaws_together(terms: Glossary, source: str) -> Iterator[str]:
    """Yield codes that stand twice or nowhere, and confirmed words that are no words of the term."""
    codes = {row["code"] for row in terms[source]}
    for rows in terms.values():
        seen: set[str] = set()
        for row in rows:
            if row["code"] in seen:
                yield f"{row.place}: the term {row['code']!r} stands twice"
            if row["code"] not in codes:
                yield f"{row.place}: the source has no term {row['code']!r}"
            seen.add(row["code"])
            words = {row["term"], *row.get("alternatives", []), *row.get("avoided", [])}
            for word in row.get("confirmed", []):
                if word not in words:
                    yield f"{row.place}: {word!r} is confirmed but is no word of this term"
