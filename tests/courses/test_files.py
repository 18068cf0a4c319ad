"""A bad file of the curriculum is refused with its name, line and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from courses.curriculum import shapes
from courses.curriculum.files import read_curriculum, texts_of, with_texts
from courses.curriculum.reading import CurriculumError
from courses.sectors import AUDIENCES

from .curricula import Files, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LESSON, COURSE = "sample/s1.yaml", "sample/course.yaml"
QUESTIONS = "sample/sample-1.questions.yaml"


def put(file: str, *path: Any, value: Any) -> Callable[[Files], None]:
    """Return what sets one value of a file; None takes the key away."""

    def spoil(files: Files) -> None:
        place = files[file]
        for part in path[:-1]:
            place = place[part]
        if value is None:
            del place[path[-1]]
        else:
            place[path[-1]] = value

    return spoil


def replace(file: str, content: Any) -> Callable[[Files], None]:
    return lambda files: files.update({file: content})


def leave_out(file: str) -> Callable[[Files], Any]:
    return lambda files: files.pop(file)


BODY = ("body", 4, "scenario", "nodes")
QUIZ = ("modules", 0, "quiz")
CHOICES = ("body", 5, "check", "choices")
BAD = [
    (put(LESSON, "colour", value="blue"), LESSON, "unknown key 'colour'"),
    (put(LESSON, "title", value=None), LESSON, "'title' is missing"),
    (put(LESSON, "title", value=""), LESSON, "'title' is missing"),
    (put(LESSON, "title", value=7), LESSON, "'title': must be a text"),
    (put(LESSON, "title", value="x" * 256), LESSON, "'title': has 256 characters; at most 255"),
    (put(LESSON, "slug", value="A child"), LESSON, "'slug': 'A child' is no name"),
    (put(LESSON, "code", value="S9"), LESSON, "the code must be 'S1', as in course.yaml"),
    (put(LESSON, "minutes", value=13), LESSON, "'minutes': must be a whole number from 6 to 12"),
    (put(LESSON, "minutes", value=True), LESSON, "'minutes': must be a whole number from 6 to 12"),
    (put(LESSON, "objectives", value=[2]), LESSON, "the course has no objective 2"),
    (put(LESSON, "body", value="text"), LESSON, "'body': must be a list"),
    (put(LESSON, "body", 0, value="text"), LESSON, "a block is one of"),
    (put(LESSON, "body", 0, value={"poem": "x"}), LESSON, "a block is one of"),
    (put(LESSON, "body", 0, value={"text": ""}), LESSON, "'text' is missing"),
    (
        put(LESSON, "body", 0, value={"text": "few words"}),
        LESSON,
        "words; 300 to 600 are asked for",
    ),
    (put(LESSON, "body", 1, value={"key_points": ["One."]}), LESSON, "has 1 entries; 3 to 5"),
    (
        put(LESSON, "body", 6, value={"national": "reporting"}),
        LESSON,
        "'in_my_role' stands 0 times",
    ),
    (put(LESSON, *CHOICES, 1, "correct", value=True), LESSON, "2 choices are correct, not one"),
    (put(LESSON, *CHOICES, 1, "id", value="a"), LESSON, "two choices have the same id"),
    (put(LESSON, *CHOICES, 1, "correct", value="yes"), LESSON, "'correct': must be true or false"),
    (
        put(LESSON, *BODY, 0, "choices", 0, "next", value="n1"),
        LESSON,
        "no choice leads to node 'end'",
    ),
    (put(LESSON, *BODY, 0, "choices", 0, "next", value="n7"), LESSON, "node 'n1' leads to 'n7'"),
    (
        put(LESSON, *BODY, 0, "choices", 0, "rating", value="bad"),
        LESSON,
        "'rating': must be one of",
    ),
    (put(LESSON, *BODY, 1, "id", value="n1"), LESSON, "two nodes are called 'n1'"),
    (put(LESSON, "sensitive", value=True), LESSON, "a sensitive lesson needs a short version"),
    (put(LESSON, "content_note", value="Hm."), LESSON, "stands in a sensitive lesson only"),
    (put(LESSON, "short", value="Too few."), LESSON, "has 2 words; 60 to 180 are asked for"),
    (put(LESSON, "sources", value=["XYZ 1"]), LESSON, "'XYZ' does not stand in sources.yaml"),
    (put(LESSON, "sources", value=["CRC 35"]), LESSON, "CRC is not listed with article 35"),
    (put(LESSON, "sources", value=["hearsay"]), LESSON, "hearsay has status K"),
    (replace(LESSON, ""), LESSON, "the file must hold keys with values"),
    (replace(LESSON, ["a"]), LESSON, "the file must hold keys with values"),
    (leave_out(LESSON), LESSON, "the file is missing"),
    (put(COURSE, "sector", value="fishing"), COURSE, "'sector': must be one of"),
    (put(COURSE, "code", value="other"), COURSE, "the code must be the folder's name, 'sample'"),
    (put(COURSE, "requires", value=["ghost"]), COURSE, "there is no course 'ghost' to require"),
    (put(COURSE, "requires", value=["sample"]), COURSE, "require each other in a circle"),
    (put(COURSE, "modules", 0, "lessons", value=[]), COURSE, "'lessons' is missing"),
    (put(COURSE, "modules", value=["first"]), COURSE, "'modules': must hold keys with values"),
    (put(COURSE, *QUIZ, value=None), COURSE, "'quiz' is missing"),
    (put(COURSE, *QUIZ, "draw", value=3), COURSE, "4 questions; 6 are asked for"),
    (put(COURSE, *QUIZ, "critical_minimum", value=3), COURSE, "is more than 'draw'"),
    (put(COURSE, *QUIZ, "critical_minimum", value=2), COURSE, "fewer critical rules"),
    (put(COURSE, *QUIZ, "slug", value="s1"), COURSE, "another page beside it has the slug 's1'"),
    (replace(COURSE, "a: [1\n"), COURSE, "expected ',' or ']'"),
    (put(QUESTIONS, 0, "status", value="K"), QUESTIONS, "'status': must be one of P, V"),
    (put(QUESTIONS, 0, "lesson", value="S7"), QUESTIONS, "the module has no lesson 'S7'"),
    (put(QUESTIONS, 0, "objective", value=2), QUESTIONS, "the course has no objective 2"),
    (put(QUESTIONS, 0, "kind", value="several"), QUESTIONS, "1 choices are correct; at least two"),
    (put(QUESTIONS, 0, "choices", 1, "correct", value=True), QUESTIONS, "2 choices are correct"),
    (put(QUESTIONS, 1, "code", value="S-1"), QUESTIONS, "the code 'S-1' stands already at sample/"),
    (put(QUESTIONS, 0, "code", value="S1"), QUESTIONS, "the code 'S1' stands already at sample/s1"),
    (put(QUESTIONS, 0, "review_due", value="soon"), QUESTIONS, "'review_due': must be a day"),
    (put(QUESTIONS, 0, "critical", value="other-rule"), COURSE, "'other-rule' has 1 questions"),
    (replace(QUESTIONS, {"a": "b"}), QUESTIONS, "the file must hold a list"),
    (put("sources.yaml", 0, "status", value="X"), "sources.yaml", "'status': must be one of"),
    (put("sources.yaml", 0, value="CRC"), "sources.yaml", "must hold keys with values"),
]


@pytest.mark.parametrize(("spoil", "file", "reason"), BAD)
def test_a_bad_file_is_refused(
    tmp_path: Path, spoil: Callable[[Files], object], file: str, reason: str
) -> None:
    with pytest.raises(CurriculumError) as caught:
        read_curriculum(write(tmp_path, spoil=spoil))
    named = [line for line in caught.value.problems if reason in line]
    assert named, caught.value.problems
    place, number, _ = named[0].split(":", 2)
    assert place.endswith(file)
    assert int(number) >= 1


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"code: S1\nslug: s1\ncode: S2\n", "3: 'code' stands twice"),
        (b"code: S1\ntitle: 'open\n", "3: found unexpected end of stream"),
        (b"code: S1\n7: seven\n", "2: the key 7 is not a word"),
        (b"code: S1\ntitle: caf\xe9\n", "2: the file is not UTF-8 (invalid continuation byte)"),
        (b"code: S1\ntitle: bell \x07\n", "2: special characters are not allowed"),
        (b"code: S1\nslug: &a [*a]\n", "2: found unconstructable recursive node"),
        (b"code: S1\ntitle: !!python/object:os.system x\n", "2: could not determine"),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused_at_its_line(
    tmp_path: Path, content: bytes, line: str
) -> None:
    with pytest.raises(CurriculumError) as caught:
        read_curriculum(write(tmp_path, spoil=replace(LESSON, content)))
    assert any(found.startswith(f"{LESSON}:{line}") for found in caught.value.problems)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        files[LESSON].update(minutes=1, colour="blue")
        files[QUESTIONS][3]["kind"] = "some"

    with pytest.raises(CurriculumError) as caught:
        read_curriculum(write(tmp_path, spoil=spoil))
    assert len(caught.value.problems) == 3


def test_an_empty_folder_is_no_curriculum(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("[]", encoding="utf-8")
    with pytest.raises(CurriculumError, match=r"no folder holds a course\.yaml"):
        read_curriculum(tmp_path)


def test_courses_stand_after_those_that_they_require(tmp_path: Path) -> None:
    assert [course.code for course in read_curriculum()] == ["foundation", "policing"]
    [course] = read_curriculum(write(tmp_path))
    assert [len(module.lessons) for module in course.modules] == [2]
    assert [node["code"] for node in course.objects()][:3] == [
        "sample",
        "sample-1",
        "sample-1-quiz",
    ]


def test_every_sector_is_known_to_the_files() -> None:
    assert {code for code, _ in AUDIENCES} == shapes.SECTORS


def test_words_are_changed_and_structure_is_not(tmp_path: Path) -> None:
    [course] = read_curriculum(write(tmp_path))
    lesson = course.modules[0].lessons[0]
    loud = with_texts(lesson, str.upper)
    assert {text for _, text in texts_of(loud)} == {text.upper() for _, text in texts_of(lesson)}
    assert [loud[key] for key in ("code", "slug", "sources")] == [
        "S1",
        "s1",
        ["CRC 34", "practice"],
    ]
    [step] = loud["body"][4]["scenario"]["nodes"][0]["choices"]
    assert (step["text"], step["rating"], step["next"]) == ("GO", "best", "end")
