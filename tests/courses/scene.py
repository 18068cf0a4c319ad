"""Small things that tests of this room need again and again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from courses.enrolling import finish_lesson, released, start_quiz
from courses.models import LessonPage
from courses.outline import LESSON, QUIZ, Outline, Part, Rule, Step, read_outline
from quizzes.api import answer, submit_attempt
from quizzes.models import Attempt
from tests.people import make_person

if TYPE_CHECKING:
    from wagtail.models import Page

    from tutela.accounts.models import User

AT = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
LESSON_PATH = "courses/foundation/respond/when-a-child-tells-you/"


def sample_outline() -> Outline:
    """Return an outline of two modules: two lessons and a quiz, one lesson and a quiz."""
    first = (
        Step("a1", LESSON, "A1", 8, digest="d1"),
        Step("a2", LESSON, "A2", 10, sensitive=True, digest="d2"),
        Step("aq", QUIZ, "A-quiz", 15, rule=Rule("A", 10, 80, 2)),
    )
    second = (
        Step("b1", LESSON, "B1", 7, digest="d3"),
        Step("bq", QUIZ, "B-quiz", 5, rule=Rule("B", 5, 70, 0)),
    )
    parts = (Part("a", "A", first), Part("b", "B", second))
    return Outline("c", "course", "policing", "en", ("foundation",), 36, parts)


def learner(name: str = "learner", **fields: object) -> User:
    """Return somebody who may take quizzes."""
    return make_person(name, **{"certificate_name": "Learner One", **fields})


def outline_of(code: str) -> Outline:
    """Return the newest outline of a course."""
    return read_outline(released(code).outline)


def steps_of(code: str, kind: str) -> list[Step]:
    """Return the lessons or the quizzes of a course."""
    return [step for step in outline_of(code).steps if step.kind == kind]


def read_lessons(person: User, code: str, *, but: int = 0, at: datetime = AT) -> None:
    """Send *Continue* at the end of every lesson, except for the last ones."""
    lessons = steps_of(code, LESSON)
    for step in lessons[: len(lessons) - but]:
        finish_lesson(person, course=code, step=step.key, language="en", at=at)


def answer_all(person: User, code: str, step: Step, *, at: datetime = AT) -> Attempt:
    """Start a quiz and answer every question right."""
    attempt = start_quiz(person, course=code, step=step.key, language="en", at=at)
    for item in attempt.items.select_related("version"):
        keys = item.version.right_keys
        answer(attempt, position=item.position, keys=keys, language="en", at=at)
    return attempt


def pass_quizzes(person: User, code: str, *, but: int = 0, at: datetime = AT) -> None:
    """Pass every quiz, except for the last ones."""
    quizzes = steps_of(code, QUIZ)
    for step in quizzes[: len(quizzes) - but]:
        submit_attempt(answer_all(person, code, step, at=at), at=at)


def complete(person: User, code: str, *, at: datetime = AT) -> None:
    """Take a course from its first lesson to its last quiz."""
    read_lessons(person, code, at=at)
    pass_quizzes(person, code, at=at)


def lesson(code: str = "F5", language: str = "en") -> LessonPage:
    """Return a lesson page of the starter curriculum."""
    found: LessonPage = LessonPage.objects.get(code=code, locale__language_code=language)
    return found


def publish(page: Page) -> None:
    """Publish a page as an editor does."""
    page.save_revision().publish()
