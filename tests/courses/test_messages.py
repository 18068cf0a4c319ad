"""Translations of the curriculum: PO files, paragraph by paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polib
import pytest

from courses.curriculum.files import read_curriculum
from courses.curriculum.messages import (
    catalogue_file,
    messages_of,
    paragraphs,
    translated,
    update_catalogue,
)
from courses.curriculum.reading import CurriculumError

from .curricula import Files, write

if TYPE_CHECKING:
    from pathlib import Path

    from courses.curriculum.files import Course


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One line.", ["One line."]),
        ("Wrapped\n  here.\n\nSecond.\n", ["Wrapped here.", "Second."]),
        ("- one\n- two\n  goes on\n\nAfter.", ["- one\n- two goes on", "After."]),
        ("1. one\n2. two", ["1. one\n2. two"]),
        ("Before:\n- one\n- two", ["Before:\n- one\n- two"]),
        ("### Heading\n\nText\n \nMore", ["### Heading", "Text", "More"]),
    ],
)
def test_only_wrapped_lines_are_joined(text: str, expected: list[str]) -> None:
    assert paragraphs(text) == expected


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Give the small course, read from files."""
    [course] = read_curriculum(write(tmp_path))
    return course


def fill(course: Course, folder: Path) -> polib.POFile:
    """Translate everything by turning it into capitals."""
    catalogue = update_catalogue(course, "fr", folder)
    for entry in catalogue:
        entry.msgstr = entry.msgid.upper()
    catalogue.save()
    return polib.pofile(str(catalogue_file(course.code, "fr", folder)))


def test_a_course_without_a_catalogue_has_no_translation(course: Course, tmp_path: Path) -> None:
    assert translated(course, "fr", tmp_path) is None


def test_each_message_stands_once_and_in_order(course: Course, tmp_path: Path) -> None:
    catalogue = fill(course, tmp_path)
    found = [(entry.msgctxt, entry.msgid) for entry in catalogue]
    assert found == list(messages_of(course))
    assert len(found) == len(set(found))
    assert found[0] == ("sample", "Sample")


def test_a_whole_translation_is_read_back(course: Course, tmp_path: Path) -> None:
    fill(course, tmp_path)
    french = translated(course, "fr", tmp_path)
    assert french is not None
    assert french.data["title"] == "SAMPLE"
    first, second = french.modules[0].lessons[0]["body"][0]["text"].split("\n\n")
    assert first == second == ("WORD " * 150).strip()
    assert french.modules[0].questions[0]["choices"][0]["correct"] is True


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda entry: setattr(entry, "msgstr", ""), "S1: not translated: 'Lesson S1'"),
        (lambda entry: setattr(entry, "msgstr", "  "), "S1: not translated: 'Lesson S1'"),
        (
            lambda entry: entry.flags.append("fuzzy"),
            "S1: marked as fuzzy, not confirmed: 'Lesson S1'",
        ),
        (lambda entry: setattr(entry, "msgid", "Older words"), "S1: not translated: 'Lesson S1'"),
    ],
)
def test_a_gap_is_refused_with_its_place(
    course: Course, tmp_path: Path, spoil: object, reason: str
) -> None:
    catalogue = fill(course, tmp_path)
    entry = next(entry for entry in catalogue if entry.msgid == "Lesson S1")
    assert callable(spoil)
    spoil(entry)
    catalogue.save()
    with pytest.raises(CurriculumError) as caught:
        translated(course, "fr", tmp_path)
    [problem] = caught.value.problems
    place, line, rest = problem.split(":", 2)
    assert (place, rest.strip()) == ("locale/fr/sample.po", reason)
    assert int(line) == (1 if "Older" in entry.msgid else entry.linenum)


@pytest.mark.parametrize("content", [b'msgid "open', b'msgid "caf\xe9"\nmsgstr "x"\n'])
def test_a_catalogue_that_cannot_be_read_is_refused(
    course: Course, tmp_path: Path, content: bytes
) -> None:
    fill(course, tmp_path)
    catalogue_file("sample", "fr", tmp_path).write_bytes(content)
    with pytest.raises(CurriculumError, match=r"locale/fr/sample\.po:1: "):
        translated(course, "fr", tmp_path)


def test_an_update_keeps_translations_and_drops_old_ones(course: Course, tmp_path: Path) -> None:
    catalogue = fill(course, tmp_path)
    catalogue.metadata["X-Review"] = "reader"
    next(entry for entry in catalogue if entry.msgid == "Lesson S2").flags.append("fuzzy")
    catalogue.save()

    def change(files: Files) -> None:
        files["sample/s1.yaml"]["title"] = "Renamed"

    [changed] = read_curriculum(write(tmp_path, spoil=change))
    update_catalogue(changed, "fr", tmp_path)
    kept = polib.pofile(str(catalogue_file("sample", "fr", tmp_path)))
    words = {(entry.msgctxt, entry.msgid): entry for entry in kept}
    assert words["S1", "Renamed"].msgstr == ""
    assert ("S1", "Lesson S1") not in words
    assert words["sample", "Sample"].msgstr == "SAMPLE"
    assert (words["S2", "Lesson S2"].msgstr, words["S2", "Lesson S2"].fuzzy) == ("LESSON S2", True)
    assert kept.metadata["X-Review"] == "reader"


def test_the_starter_curriculum_is_translated_whole() -> None:
    for course in read_curriculum():
        french = translated(course, "fr")
        assert french is not None
        assert french.data["title"] != ""
