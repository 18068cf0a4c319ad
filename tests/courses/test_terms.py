"""A bad file of the glossary is refused with its name, line and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from courses.curriculum.files import HERE, read_curriculum
from courses.curriculum.reading import CurriculumError
from courses.curriculum.terms import codes_of, read_glossary

from .curricula import Files, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = {"code": "good", "term": "Good", "definition": "What is good."}
OLD = {
    **GOOD, "code": "old", "standing": "avoid", "replaced_by": "good", "note": "It misleads.",
}  # fmt: skip
FRENCH = {"code": "good", "term": "Bon", "alternatives": ["Bien"], "confirmed": ["Bien"]}


def glossary(folder: Path, *, en: list[Any], fr: list[Any] | None = None) -> Path:
    """Write a glossary into a folder, and return the folder."""
    (folder / "glossary").mkdir(parents=True)
    for language, rows in (("en", en), ("fr", fr)):
        if rows is not None:
            text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False)
            (folder / "glossary" / f"{language}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_good_glossary_is_read_source_first(tmp_path: Path) -> None:
    folder = glossary(tmp_path, en=[GOOD, OLD], fr=[FRENCH])
    terms = read_glossary(folder)
    assert list(terms) == ["en", "fr"]
    assert [row["code"] for row in terms["en"]] == ["good", "old"]
    assert codes_of(folder) == {"good", "old"}


def test_a_folder_without_a_glossary_has_none(tmp_path: Path) -> None:
    assert read_glossary(tmp_path) == {}
    assert codes_of(tmp_path) == frozenset()


BAD: list[tuple[list[Any], list[Any] | None, str]] = [
    ([{**GOOD, "colour": "blue"}], None, "en.yaml:1: unknown key 'colour'"),
    ([{"code": "good", "term": "Good"}], None, "'definition' is missing"),
    ([{**GOOD, "standing": "fine"}], None, "'standing': must be one of avoid, care, preferred"),
    ([{**GOOD, "standing": "avoid"}], None, "a term to avoid needs 'replaced_by' and a 'note'"),
    ([GOOD, {**OLD, "note": ""}], None, "en.yaml:4: a term to avoid needs"),
    ([GOOD, {**OLD, "replaced_by": "ghost"}], None, "there is no term 'ghost' to use instead"),
    ([GOOD, {**OLD, "replaced_by": "old"}], None, "there is no term 'old' to use instead"),
    ([GOOD, GOOD], None, "the term 'good' stands twice"),
    ([{**GOOD, "confirmed": ["Better"]}], None, "'Better' is confirmed but is no word"),
    ([GOOD], [{**FRENCH, "code": "ghost"}], "fr.yaml:1: the source has no term 'ghost'"),
    ([GOOD], [{**FRENCH, "standing": "care"}], "fr.yaml:1: unknown key 'standing'"),
    ([GOOD], [FRENCH, FRENCH], "the term 'good' stands twice"),
    (["good"], None, "must hold keys with values"),
]


@pytest.mark.parametrize(("english", "french", "problem"), BAD)
def test_a_bad_term_is_refused(
    tmp_path: Path, english: list[Any], french: list[Any] | None, problem: str
) -> None:
    with pytest.raises(CurriculumError) as refusal:
        read_glossary(glossary(tmp_path, en=english, fr=french))
    assert problem in str(refusal.value)


def add_terms(codes: list[str]) -> Callable[[Files], None]:
    return lambda files: files["sample/s1.yaml"]["body"].append({"terms": codes})


@pytest.mark.parametrize(
    ("codes", "problem"),
    [
        (["good", "ghost"], "the glossary has no term 'ghost'"),
        (["good", "good"], "a term stands twice in 'terms'"),
        (["good"], "has 1 entries; 2 to 5 are asked for"),
    ],
)
def test_a_lesson_names_terms_that_there_are(
    tmp_path: Path, codes: list[str], problem: str
) -> None:
    folder = glossary(write(tmp_path, spoil=add_terms(codes)), en=[GOOD, OLD])
    with pytest.raises(CurriculumError) as refusal:
        read_curriculum(folder)
    assert problem in str(refusal.value)


def test_a_lesson_may_name_terms(tmp_path: Path) -> None:
    folder = glossary(write(tmp_path, spoil=add_terms(["good", "old"])), en=[GOOD, OLD])
    assert read_curriculum(folder)


def test_every_lesson_names_words_that_the_glossary_defines() -> None:
    codes = codes_of(HERE)
    for course in read_curriculum():
        for module in course.modules:
            for lesson in module.lessons:
                [named] = [block["terms"] for block in lesson["body"] if "terms" in block]
                assert set(named) <= codes
                assert 2 <= len(named) <= 5


@pytest.mark.parametrize("language", ["en", "fr"])
def test_definitions_are_short(language: str) -> None:
    for row in read_glossary(HERE)[language]:
        assert len(row["definition"].split()) <= 45, row["code"]
