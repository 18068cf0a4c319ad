"""Reads the curriculum's text files, and refuses a bad one with its name, line and reason.

Pure: it knows nothing of Django. The format is described in `README.md` beside this file.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
BLOCKS = {
    "text",
    "key_points",
    "do_and_do_not",
    "example",
    "check",
    "scenario",
    "national",
    "in_my_role",
}
RATINGS = {"best", "acceptable", "harmful"}
LEVELS = {"remember", "understand", "apply", "analyse", "evaluate"}
ONCE = ("key_points", "example", "check", "in_my_role")
CITED = re.compile(r"(?P<article>recital \d+|preamble|\d+)")


class CurriculumError(ValueError):
    """One or more files are refused; `problems` has a line for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Node(dict[str, Any]):
    """A mapping of a YAML file that remembers its line."""

    line = 0


class _Loader(yaml.SafeLoader):
    """Safe YAML whose mappings remember their line and whose keys stand once."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Any:
    mapping = Node()
    mapping.line = node.start_mark.line + 1
    yield mapping
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in mapping:
            raise yaml.constructor.ConstructorError(
                None, None, f"{key!r} stands twice", key_node.start_mark
            )
        mapping[key] = loader.construct_object(value_node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


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


class _Checker:
    """Collects what is wrong with one file."""

    def __init__(self, file: str, problems: list[str]) -> None:
        self.file, self.problems = file, problems

    def refuse(self, node: Node, reason: str) -> None:
        self.problems.append(f"{self.file}:{node.line}: {reason}")

    def keys(self, node: Node, required: str, optional: str = "") -> bool:
        """Check that all required keys stand there with a value, and no unknown ones."""
        needed, allowed = set(required.split()), set((required + " " + optional).split())
        for key in sorted(set(node) - allowed):
            self.refuse(node, f"unknown key {key!r}")
        missing = sorted(key for key in needed if node.get(key) in (None, "") and key in needed)
        for key in missing:
            self.refuse(node, f"{key!r} is missing")
        return not missing

    def one_of(self, node: Node, key: str, values: set[str]) -> None:
        if node.get(key) not in values:
            self.refuse(node, f"{key!r} must be one of {', '.join(sorted(values))}")

    def number(self, node: Node, key: str, low: int, high: int) -> None:
        value = node.get(key)
        if not isinstance(value, int) or not low <= value <= high:
            self.refuse(node, f"{key!r} must be a whole number from {low} to {high}")

    def words(self, node: Node, what: str, text: str, low: int, high: int) -> None:
        if not low <= (count := len(text.split())) <= high:
            self.refuse(node, f"{what} has {count} words; {low} to {high} are asked for")


def read_curriculum(folder: Path = HERE) -> list[Course]:
    """Return all courses, each after those that it requires.

    Raises `CurriculumError` with every problem found.
    """
    problems: list[str] = []
    sources = _read_sources(folder / "sources.yaml", problems)
    courses = [
        course
        for file in sorted(folder.glob("*/course.yaml"))
        if (course := _read_course(file, sources, problems))
    ]
    _check_codes(courses, problems)
    if problems:
        raise CurriculumError(problems)
    return _in_order(courses)


def read_yaml(file: Path, problems: list[str]) -> Any:
    """Return what a file holds, or None after noting why it cannot be read."""
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (safe)
    except FileNotFoundError:
        problems.append(f"{_name(file)}:1: the file is missing")
    except UnicodeDecodeError as error:
        problems.append(f"{_name(file)}:1: the file is not UTF-8 ({error.reason})")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(f"{_name(file)}:{line}: {error.problem}")
    return None


def _name(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def _read_sources(file: Path, problems: list[str]) -> dict[str, Node]:
    rows = read_yaml(file, problems) or []
    return {str(row["code"]): row for row in rows}


def _read_course(file: Path, sources: dict[str, Node], problems: list[str]) -> Course | None:
    data = read_yaml(file, problems)
    if not isinstance(data, Node):
        return None
    checker = _Checker(_name(file), problems)
    required = (
        "code slug sector title subtitle summary description objectives authors worth modules"
    )
    if not checker.keys(data, required, "requires validity_months"):
        return None
    if data["code"] != file.parent.name:
        checker.refuse(data, f"the code must be the folder's name, {file.parent.name!r}")
    course = Course(data)
    for module in data["modules"]:
        if checker.keys(module, "code slug title summary lessons quiz"):
            _check_quiz(checker, module)
            course.modules.append(_read_module(file.parent, course, module, sources, problems))
    return course


def _check_quiz(checker: _Checker, module: Node) -> None:
    quiz = module["quiz"]
    if checker.keys(quiz, "code slug title minutes draw pass_percent critical_minimum"):
        checker.number(quiz, "draw", 1, 100)
        checker.number(quiz, "pass_percent", 1, 100)
        checker.number(quiz, "critical_minimum", 0, quiz["draw"])


def _read_module(
    folder: Path, course: Course, data: Node, sources: dict[str, Node], problems: list[str]
) -> Module:
    module = Module(data)
    for code in data["lessons"]:
        file = folder / f"{str(code).lower()}.yaml"
        if isinstance(lesson := read_yaml(file, problems), Node):
            checker = _Checker(_name(file), problems)
            _check_lesson(checker, course, lesson, str(code))
            _check_sources(checker, lesson, sources)
            module.lessons.append(lesson)
    file = folder / f"{data['code']}.questions.yaml"
    checker = _Checker(_name(file), problems)
    for question in read_yaml(file, problems) or []:
        _check_question(checker, course, module, question)
        _check_sources(checker, question, sources)
        module.questions.append(question)
    _check_pool(checker, module)
    return module


def _check_pool(checker: _Checker, module: Module) -> None:
    """Check that the bank has twice what is drawn, and three questions a critical rule."""
    quiz = module.data["quiz"]
    if len(module.questions) < 2 * quiz["draw"]:
        checker.refuse(
            quiz, f"{len(module.questions)} questions; {2 * quiz['draw']} are asked for"
        )
    rules = Counter(question["critical"] for question in module.questions if "critical" in question)
    if len(rules) < quiz["critical_minimum"]:
        checker.refuse(quiz, "fewer critical rules than the quiz draws critical questions")
    for rule, count in rules.items():
        if count < 3:  # noqa: PLR2004  (curriculum: three interchangeable questions a rule)
            checker.refuse(quiz, f"the critical rule {rule!r} has {count} questions, not three")


def _check_lesson(checker: _Checker, course: Course, lesson: Node, code: str) -> None:
    required = "code slug title objective objectives minutes sources body"
    if not checker.keys(lesson, required, "sensitive content_note short"):
        return
    if lesson["code"] != code:
        checker.refuse(lesson, f"the code must be {code!r}, as in course.yaml")
    checker.number(lesson, "minutes", 6, 12)
    for number in lesson["objectives"]:
        if number not in range(1, len(course.data["objectives"]) + 1):
            checker.refuse(lesson, f"the course has no objective {number!r}")
    if lesson.get("sensitive"):
        if not lesson.get("short"):
            checker.refuse(lesson, "a sensitive lesson needs a short version")
        checker.words(lesson, "the content note", lesson.get("content_note", ""), 1, 60)
    if lesson.get("short"):
        checker.words(lesson, "the short version", lesson["short"], 60, 180)
    _check_blocks(checker, lesson)


def _check_blocks(checker: _Checker, lesson: Node) -> None:
    kinds: Counter[str] = Counter()
    prose: list[str] = []
    for block in lesson["body"]:
        kind = next(iter(block))
        if len(block) != 1 or kind not in BLOCKS:
            checker.refuse(block, f"a block is one of {', '.join(sorted(BLOCKS))}")
            continue
        kinds[kind] += 1
        check = {
            "check": _check_self_check,
            "scenario": _check_scenario,
            "example": _check_example,
            "do_and_do_not": _check_do,
        }.get(kind)
        if check:
            check(checker, block[kind])
        if kind in {"text", "key_points", "do_and_do_not", "example"}:
            prose += [text for _, text in texts_of(block)]
    for kind in ONCE:
        if kinds[kind] != 1:
            checker.refuse(lesson, f"the block {kind!r} stands {kinds[kind]} times, not once")
    checker.words(lesson, "the prose", " ".join(prose), 300, 600)


def _check_example(checker: _Checker, example: Node) -> None:
    checker.keys(example, "title text")


def _check_do(checker: _Checker, block: Node) -> None:
    checker.keys(block, "do do_not")


def _check_self_check(checker: _Checker, check: Node) -> None:
    if checker.keys(check, "question choices"):
        _check_choices(checker, check, check["choices"], several=False)


def _check_choices(checker: _Checker, node: Node, choices: list[Node], *, several: bool) -> None:
    for choice in choices:
        checker.keys(choice, "id text feedback", "correct")
    if len({choice.get("id") for choice in choices}) != len(choices):
        checker.refuse(node, "two choices have the same id")
    right = sum(1 for choice in choices if choice.get("correct"))
    if several and not 2 <= right < len(choices):  # noqa: PLR2004
        checker.refuse(node, f"{right} choices are correct; at least two, and not all")
    if not several and right != 1:
        checker.refuse(node, f"{right} choices are correct, not one")


def _check_scenario(checker: _Checker, scenario: Node) -> None:
    if not checker.keys(scenario, "title minutes introduction nodes"):
        return
    names = {node.get("id") for node in scenario["nodes"]}
    led_to = {scenario["nodes"][0].get("id")}
    for node in scenario["nodes"]:
        checker.keys(node, "id situation", "choices")
        for choice in node.get("choices", []):
            if checker.keys(choice, "text rating feedback next"):
                checker.one_of(choice, "rating", RATINGS)
                led_to.add(choice["next"])
                if choice["next"] not in names:
                    checker.refuse(choice, f"there is no node {choice['next']!r}")
    for lost in sorted(names - led_to):
        checker.refuse(scenario, f"no choice leads to node {lost!r}")
    if all(node.get("choices") for node in scenario["nodes"]):
        checker.refuse(scenario, "no node ends the story")


def _check_question(checker: _Checker, course: Course, module: Module, question: Node) -> None:
    required = (
        "code lesson objective kind level stem choices rule sources status jurisdiction review_due"
    )
    if not checker.keys(question, required, "critical"):
        return
    checker.one_of(question, "kind", {"single", "several"})
    checker.one_of(question, "level", LEVELS)
    checker.one_of(question, "status", {"V", "P"})
    checker.number(question, "objective", 1, len(course.data["objectives"]))
    if question["lesson"] not in module.data["lessons"]:
        checker.refuse(question, f"the module has no lesson {question['lesson']!r}")
    several = question["kind"] == "several"
    _check_choices(checker, question, question["choices"], several=several)


def _check_sources(checker: _Checker, node: Node, sources: dict[str, Node]) -> None:
    for citation in node.get("sources", []):
        code, _, article = str(citation).partition(" ")
        if code not in sources:
            checker.refuse(node, f"the source {code!r} does not stand in sources.yaml")
            continue
        listed = [str(known) for known in sources[code].get("articles", [])]
        found = CITED.search(article)
        if found and listed and found["article"] not in listed:
            checker.refuse(node, f"{code} is not listed with article {found['article']}")
        if sources[code]["status"] == "K":
            checker.refuse(node, f"{code} has status K and is not cited as a rule")


def _check_codes(courses: list[Course], problems: list[str]) -> None:
    seen: Counter[str] = Counter(
        str(node.get("code")) for course in courses for node in course.objects()
    )
    for code, count in seen.items():
        if count > 1:
            problems.append(f"{code}:1: the code stands {count} times in the curriculum")
    known = {course.code for course in courses}
    for course in courses:
        for code in course.data.get("requires") or []:
            if code not in known:
                problems.append(f"{course.code}/course.yaml:1: there is no course {code!r}")


def _in_order(courses: list[Course]) -> list[Course]:
    """Return the courses, those without prerequisites first."""
    return sorted(courses, key=lambda course: (len(course.data.get("requires") or []), course.code))


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


def with_texts(node: Any, change: Any) -> Node:
    """Return a copy of an object whose translated texts went through `change`."""
    copy = Node()
    copy.line = node.line
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
