"""Reads the pages that a new site starts with, and refuses a bad file with its name and reason.

`texts/pages.yaml` says which pages there are; `texts/<language>/…` holds their words, one file a
page and language. What a language lacks is shown in the source's words. It asks no database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courses.curriculum.files import SOURCE
from courses.curriculum.reading import CurriculumError, Node, read_yaml
from courses.curriculum.shapes import FLAG, SECTORS, SLUG, keys, one_of, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from courses.curriculum.shapes import Rule

TEXTS = Path(__file__).with_name("texts")
INFORMATION, SECTOR = "information", "sector"
# An information page may be laid out as one of help, or as the one of the operator's address.
LAYOUTS = frozenset({"help", "contact"})
MODELS = frozenset({"home", "catalogue", "sectors", SECTOR, INFORMATION, *LAYOUTS})

PLACE = keys({"code": SLUG, "guarded": FLAG}, {"model": one_of(MODELS)})
PAGE = keys({"title": text(255), "text": text()})
SECTOR_PAGE = keys(
    {"title": text(255), "lead": text(), "notice": text(), "act": text(), "call": text()},
    {"sources": text(500)},
)


@dataclass(slots=True)
class Place:
    """One page of the frame: what it is, and its words by language."""

    code: str
    model: str
    guarded: bool
    words: dict[str, Node] = field(default_factory=dict)

    @property
    def is_sector(self) -> bool:
        return self.model == SECTOR

    @property
    def file(self) -> str:
        """The file of its words, below a language's folder."""
        return f"sectors/{self.code}.yaml" if self.is_sector else f"{self.code}.yaml"

    @property
    def name(self) -> str:
        """The name that it has on every instance."""
        return f"sector-{self.code}" if self.is_sector else f"site-{self.code}"


def read_frame(folder: Path = TEXTS, *, languages: Sequence[str]) -> list[Place]:
    """Return the pages of the frame in their order, with their words in these languages.

    Raises `CurriculumError` with every problem found.
    """
    problems: list[str] = []
    places = _read_places(folder / "pages.yaml", problems)
    for language in languages:
        for place in places:
            _read_words(folder / language, place, language, problems)
        known = {place.file for place in places}
        problems += [
            f"{language}/{name}:1: no page of pages.yaml has this text"
            for file in sorted((folder / language).rglob("*.yaml"))
            if (name := file.relative_to(folder / language).as_posix()) not in known
        ]
    if problems:
        raise CurriculumError(problems)
    return places


def _read_places(file: Path, problems: list[str]) -> list[Place]:
    places: list[Place] = []
    for node in read_yaml(file, list, problems) or []:
        flaws = [f"{file.parent.name}/{file.name}:{line}: {why}" for line, why in PLACE(node, 1)]
        problems += flaws
        if flaws:
            continue
        place = Place(node["code"], node.get("model") or INFORMATION, node["guarded"])
        if place.is_sector and place.code not in SECTORS:
            problems.append(f"{node.place}: {place.code!r} is no sector")
        if place.name in {other.name for other in places}:
            problems.append(f"{node.place}: the code {place.code!r} stands twice")
        places.append(place)
    return places


def _read_words(folder: Path, place: Place, language: str, problems: list[str]) -> None:
    """Read a page's words in a language; only the source's must be there."""
    file = folder / place.file
    if not file.exists() and language != SOURCE:
        return
    found: list[str] = []
    node: Any = read_yaml(file, Node, found)
    if node is not None:
        rule: Rule = SECTOR_PAGE if place.is_sector else PAGE
        found += [f"{file.parent.name}/{file.name}:{line}: {why}" for line, why in rule(node, 1)]
        place.words[language] = node
    # A sector's file is named with its folder, which says no language.
    problems += [f"{language}/{problem}" if place.is_sector else problem for problem in found]
