"""The curriculum in other languages: one PO file a course and language.

`msgctxt` is the code of the object, `msgid` one paragraph or list of its source. Pure: no Django.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import polib

from .files import HERE, Course, Module, texts_of, with_texts
from .reading import CurriculumError, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

LISTED = re.compile(r"^\s*(?:[-*]|\d+\.)\s")


def paragraphs(text: str) -> list[str]:
    """Return a text's paragraphs; lines that were only wrapped are joined, list items are not."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        for line in block.splitlines():
            if lines and not LISTED.match(line):
                lines[-1] += " " + line.strip()
            else:
                lines.append(line.rstrip())
        found.append("\n".join(lines))
    return found


def catalogue_file(course: str, language: str, folder: Path = HERE) -> Path:
    """Return where a course's translation stands."""
    return folder / "locale" / language / f"{course}.po"


def messages_of(course: Course) -> Iterator[tuple[str, str]]:
    """Yield (code, paragraph) for all that a translator has to translate, each once."""
    seen: set[tuple[str, str]] = set()
    for node in course.objects():
        for _, text in texts_of(node):
            for paragraph in paragraphs(text):
                message = (str(node["code"]), paragraph)
                if message not in seen:
                    seen.add(message)
                    yield message


def update_catalogue(course: Course, language: str, folder: Path = HERE) -> polib.POFile:
    """Write the course's PO file anew in the source's order, keeping every translation.

    Returns the file; what the source no longer says is dropped. Its header stays as it was.
    """
    file = catalogue_file(course.code, language, folder)
    old = _read(file) if file.exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.header = old.header
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "X-Review": "none",
        **old.metadata,
    }
    for message in messages_of(course):
        code, paragraph = message
        entry = known.get(message) or polib.POEntry(msgctxt=code, msgid=paragraph)
        catalogue.append(entry)
    file.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(file))
    return catalogue


def translated(course: Course, language: str, folder: Path = HERE) -> Course | None:
    """Return the course in another language, or None where it has no catalogue.

    Raises `CurriculumError` with a line for each paragraph that is not translated.
    """
    file = catalogue_file(course.code, language, folder)
    if not file.exists():
        return None
    entries = {(entry.msgctxt, entry.msgid): entry for entry in _read(file) if not entry.obsolete}
    if problems := list(_gaps(course, entries, file)):
        raise CurriculumError(problems)
    known = {message: entry.msgstr for message, entry in entries.items()}

    def of(node: Node) -> Node:
        code = str(node["code"])

        def change(text: str) -> str:
            return "\n\n".join(known[code, paragraph] for paragraph in paragraphs(text))

        return with_texts(node, change)

    modules = []
    for module in course.modules:
        data = of(module.data)
        data["quiz"] = of(module.data["quiz"])
        lessons = [of(lesson) for lesson in module.lessons]
        questions = [of(question) for question in module.questions]
        modules.append(Module(data=data, lessons=lessons, questions=questions))
    return Course(data=of(course.data), modules=modules)


def _gaps(
    course: Course, entries: dict[tuple[str, str], polib.POEntry], file: Path
) -> Iterator[str]:
    """Yield a line for each paragraph that has no translation which somebody confirmed."""
    name = f"locale/{file.parent.name}/{file.name}"
    for code, paragraph in messages_of(course):
        entry = entries.get((code, paragraph))
        line = entry.linenum if entry else 1
        if entry is None or not entry.msgstr.strip():
            yield f"{name}:{line}: {code}: not translated: {paragraph[:60]!r}"
        elif entry.fuzzy:
            yield f"{name}:{line}: {code}: marked as fuzzy, not confirmed: {paragraph[:60]!r}"


def _read(file: Path) -> polib.POFile:
    try:
        return polib.pofile(str(file), check_for_duplicates=False)
    except (OSError, ValueError) as error:
        raise CurriculumError([f"locale/{file.parent.name}/{file.name}:1: {error}"]) from error
