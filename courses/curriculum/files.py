"""Reads the curriculum's text files, and refuses a bad one with its name, line and reason.

Pure: it knows nothing of Django. The format is described in `README.md` beside this file.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..stories import flaws_of
from .reading import CurriculumError, Node, name_of, read_yaml
from .shapes import CITABLE, COURSE, LESSON, QUESTION
from .terms import codes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .shapes import Rule

HERE = Path(__file__).parent
# The language that the curriculum is written in.
SOURCE = "en"
ONCE = ("key_points", "example", "check", "in_my_role")
AT_MOST_ONCE = ("scenario", "national", "terms")
PROSE = ("text", "key_points", "do_and_do_not", "example")
CITED = re.compile(r"(?P<article>recital \d+|preamble|\d+)")


@dataclass(slots=True)
class Module:
    """One module: its own facts, its lessons in order and its bank."""

    data: Node
    lessons: list[Node] = field(default_factory=list)
    questions: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Course:
    """One course as its files say it."""

    data: Node
    modules: list[Module] = field(default_factory=list)

    @property
    def code(self) -> str:
        return str(self.data["code"])

    def objects(self) -> list[Node]:
        """Return every mapping with a code: the course, modules, quizzes, lessons, questions."""
        found = [self.data]
        for module in self.modules:
            found += [module.data, module.data["quiz"], *module.lessons, *module.questions]
        return found


def read_curriculum(folder: Path = HERE) -> list[Course]:
    """Return all courses, each after those that it requires.

    Raises `CurriculumError` with every problem found.
    """
    reader = _Reader(folder)
    courses = reader.read_courses()
    if not reader.problems:
        reader.check_together(courses)
    if reader.problems:
        raise CurriculumError(reader.problems)
    return _in_order(courses)


class _Reader:
    """Reads the files of one folder, and collects what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        rows = self._read_list(folder / "sources.yaml", CITABLE)
        self.sources = {row["code"]: row for row in rows}
        self.terms = codes_of(folder)

    def refuse(self, node: Node, reason: str) -> None:
        self.problems.append(f"{node.place}: {reason}")

    def _fits(self, node: Any, rule: Rule, file: Path) -> bool:
        """Tell whether a mapping has the keys and values that its rule asks for."""
        found = [f"{name_of(file)}:{line}: {reason}" for line, reason in rule(node, 1)]
        self.problems += found
        return not found

    def _read_one(self, file: Path, rule: Rule) -> Node | None:
        node = read_yaml(file, Node, self.problems)
        return node if node is not None and self._fits(node, rule, file) else None

    def _read_list(self, file: Path, rule: Rule) -> list[Node]:
        nodes = read_yaml(file, list, self.problems) or []
        return [node for node in nodes if self._fits(node, rule, file)]

    def read_courses(self) -> list[Course]:
        files = sorted(self.folder.glob("*/course.yaml"))
        if not files:
            self.problems.append(f"{self.folder.name}:1: no folder holds a course.yaml")
        return [course for file in files if (course := self._read_course(file))]

    def _read_course(self, file: Path) -> Course | None:
        data = self._read_one(file, COURSE)
        if data is None:
            return None
        if data["code"] != file.parent.name:
            self.refuse(data, f"the code must be the folder's name, {file.parent.name!r}")
        course = Course(data)
        self._check_siblings(data["modules"])
        for module in data["modules"]:
            course.modules.append(self._read_module(file.parent, course, module))
        return course

    def _read_module(self, folder: Path, course: Course, data: Node) -> Module:
        module = Module(data)
        before = len(self.problems)
        for code in data["lessons"]:
            lesson = self._read_one(folder / f"{code.lower()}.yaml", LESSON)
            if lesson is not None:
                self._check_lesson(course, lesson, code)
                module.lessons.append(lesson)
        file = folder / f"{data['code']}.questions.yaml"
        module.questions = self._read_list(file, QUESTION)
        for question in module.questions:
            self._check_question(course, module, question)
        self._check_siblings([*module.lessons, data["quiz"]])
        if len(self.problems) == before:
            self._check_pool(module)
        return module

    def _check_siblings(self, nodes: list[Node]) -> None:
        """Check that no two pages with one parent have the same address."""
        seen: set[str] = set()
        for node in nodes:
            if node["slug"] in seen:
                self.refuse(node, f"another page beside it has the slug {node['slug']!r}")
            seen.add(node["slug"])

    def _check_pool(self, module: Module) -> None:
        """Check that the bank has twice what is drawn, and three questions a critical rule."""
        quiz, count = module.data["quiz"], len(module.questions)
        if quiz["critical_minimum"] > quiz["draw"]:
            self.refuse(quiz, "'critical_minimum' is more than 'draw'")
        if count < 2 * quiz["draw"]:
            self.refuse(quiz, f"{count} questions; {2 * quiz['draw']} are asked for")
        rules = Counter(item["critical"] for item in module.questions if item.get("critical"))
        if len(rules) < quiz["critical_minimum"]:
            self.refuse(quiz, "fewer critical rules than the quiz draws critical questions")
        for rule, times in rules.items():
            if times < 3:  # noqa: PLR2004  (curriculum: three interchangeable questions a rule)
                self.refuse(quiz, f"the critical rule {rule!r} has {times} questions, not three")

    def _check_lesson(self, course: Course, lesson: Node, code: str) -> None:
        if lesson["code"] != code:
            self.refuse(lesson, f"the code must be {code!r}, as in course.yaml")
        for number in lesson["objectives"]:
            if number > len(course.data["objectives"]):
                self.refuse(lesson, f"the course has no objective {number}")
        self._check_care(lesson)
        self._check_blocks(lesson)
        self._check_sources(lesson)

    def _check_care(self, lesson: Node) -> None:
        """Check that a sensitive lesson, and no other, has a content note; and a short version."""
        if lesson.get("sensitive"):
            if not lesson.get("short"):
                self.refuse(lesson, "a sensitive lesson needs a short version")
            self._words(lesson, "the content note", lesson.get("content_note") or "", 1, 60)
        elif lesson.get("content_note"):
            self.refuse(lesson, "a content note stands in a sensitive lesson only")
        if lesson.get("short"):
            self._words(lesson, "the short version", lesson["short"], 60, 180)

    def _words(self, node: Node, what: str, text: str, low: int, high: int) -> None:
        if not low <= (count := len(text.split())) <= high:
            self.refuse(node, f"{what} has {count} words; {low} to {high} are asked for")

    def _check_blocks(self, lesson: Node) -> None:
        blocks = [(kind, value) for block in lesson["body"] for kind, value in block.items()]
        kinds = Counter(kind for kind, _ in blocks)
        for kind in ONCE:
            if kinds[kind] != 1:
                self.refuse(lesson, f"the block {kind!r} stands {kinds[kind]} times, not once")
        for kind in AT_MOST_ONCE:
            if kinds[kind] > 1:
                self.refuse(lesson, f"the block {kind!r} stands {kinds[kind]} times")
        prose = [
            text
            for block in lesson["body"]
            if next(iter(block)) in PROSE
            for _, text in texts_of(block)
        ]
        self._words(lesson, "the prose", " ".join(prose), 300, 600)
        for kind, value in blocks:
            self._check_block(lesson, kind, value)

    def _check_block(self, lesson: Node, kind: str, value: Any) -> None:
        """Check what the shape of a block does not show."""
        if kind == "check":
            self._check_choices(value, several=False)
        if kind == "scenario":
            self._check_story(value)
        if kind == "terms":
            self._check_terms(lesson, value)

    def _check_terms(self, lesson: Node, codes: list[str]) -> None:
        if len(set(codes)) != len(codes):
            self.refuse(lesson, "a term stands twice in 'terms'")
        for code in codes:
            if code not in self.terms:
                self.refuse(lesson, f"the glossary has no term {code!r}")

    def _check_choices(self, node: Node, *, several: bool) -> None:
        choices = node["choices"]
        if len({choice["id"] for choice in choices}) != len(choices):
            self.refuse(node, "two choices have the same id")
        right = sum(1 for choice in choices if choice.get("correct"))
        if several and not 2 <= right < len(choices):  # noqa: PLR2004
            self.refuse(node, f"{right} choices are correct; at least two, and not all")
        if not several and right != 1:
            self.refuse(node, f"{right} choices are correct, not one")

    def _check_story(self, scenario: Node) -> None:
        flaws = flaws_of(
            [
                (node["id"], [choice["next"] for choice in node.get("choices") or []])
                for node in scenario["nodes"]
            ]
        )
        for node in flaws.twice:
            self.refuse(scenario, f"two nodes are called {node!r}")
        for node, missing in flaws.dangling:
            self.refuse(scenario, f"node {node!r} leads to {missing!r}, which is not there")
        for node in flaws.lost:
            self.refuse(scenario, f"no choice leads to node {node!r}")
        for node in flaws.endless:
            self.refuse(scenario, f"from node {node!r} no path ends")

    def _check_question(self, course: Course, module: Module, question: Node) -> None:
        if question["objective"] > len(course.data["objectives"]):
            self.refuse(question, f"the course has no objective {question['objective']}")
        if question["lesson"] not in module.data["lessons"]:
            self.refuse(question, f"the module has no lesson {question['lesson']!r}")
        self._check_choices(question, several=question["kind"] == "several")
        self._check_sources(question)

    def _check_sources(self, node: Node) -> None:
        for citation in node["sources"]:
            code, _, article = citation.partition(" ")
            source = self.sources.get(code)
            if source is None:
                self.refuse(node, f"the source {code!r} does not stand in sources.yaml")
                continue
            listed = source.get("articles") or []
            found = CITED.search(article)
            if found and listed and found["article"] not in listed:
                self.refuse(node, f"{code} is not listed with article {found['article']}")
            if source["status"] == "K":
                self.refuse(node, f"{code} has status K and is not cited as a rule")

    def check_together(self, courses: list[Course]) -> None:
        """Check what no file shows alone: codes that stand twice, and courses that others require."""
        seen: dict[str, Node] = {}
        for node in (node for course in courses for node in course.objects()):
            first = seen.setdefault(node["code"], node)
            if first is not node:
                self.refuse(node, f"the code {node['code']!r} stands already at {first.place}")
        self._check_siblings([course.data for course in courses])
        for course in courses:
            for code in sorted(set(_requires(course)) - {known.code for known in courses}):
                self.refuse(course.data, f"there is no course {code!r} to require")
        try:
            _sorter(courses).prepare()
        except CycleError as error:
            circle = " > ".join(error.args[1])
            self.refuse(courses[0].data, f"courses require each other in a circle: {circle}")


def _requires(course: Course) -> list[str]:
    return list(course.data.get("requires") or [])


def _sorter(courses: Iterable[Course]) -> TopologicalSorter[str]:
    return TopologicalSorter({course.code: _requires(course) for course in courses})


def _in_order(courses: list[Course]) -> list[Course]:
    """Return the courses, each after those that it requires."""
    by_code = {course.code: course for course in courses}
    return [by_code[code] for code in _sorter(courses).static_order()]


# What a translator sees. Everything else is structure.
WORDS = {
    "title",
    "subtitle",
    "summary",
    "description",
    "objective",
    "objectives",
    "worth",
    "content_note",
    "short",
    "text",
    "key_points",
    "do",
    "do_not",
    "question",
    "feedback",
    "situation",
    "introduction",
    "in_my_role",
    "stem",
    "rule",
}
NESTED = {"body", "choices", "nodes", "example", "check", "scenario", "do_and_do_not"}


def texts_of(node: Any) -> list[tuple[str, str]]:
    """Return every text of an object that is translated, as (key, text), in reading order."""
    found: list[tuple[str, str]] = []
    for key, value in node.items():
        if key in WORDS:
            values = value if isinstance(value, list) else [value]
            found += [(key, text) for text in values if isinstance(text, str)]
        if key in NESTED:
            for child in value if isinstance(value, list) else [value]:
                found += texts_of(child)
    return found


def with_texts(node: Node, change: Callable[[str], str]) -> Node:
    """Return a copy of an object whose translated texts went through `change`."""
    copy = Node()
    copy.file, copy.line = node.file, node.line
    for key, value in node.items():
        if key in WORDS and isinstance(value, str):
            copy[key] = change(value)
        elif key in WORDS and isinstance(value, list):
            copy[key] = [change(text) if isinstance(text, str) else text for text in value]
        elif key in NESTED and isinstance(value, list):
            copy[key] = [with_texts(child, change) for child in value]
        elif key in NESTED:
            copy[key] = with_texts(value, change)
        else:
            copy[key] = value
    return copy
