"""Every broken promise of this room is told in a line."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from courses.api import breaches
from courses.models import Completion, CourseRelease, Enrolment, LearningObject, StepProgress
from quizzes.models import Sitting

from .scene import AT, complete, learner, read_lessons

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutela.accounts.models import User

pytestmark = pytest.mark.usefixtures("curriculum")


@pytest.fixture
def person() -> User:
    """Give somebody who completed one course and began another."""
    person = learner()
    complete(person, "foundation")
    read_lessons(person, "policing", but=2)
    return person


def test_nothing_is_told_of_sound_records(person: User) -> None:
    assert list(breaches()) == []
    complete(learner("second"), "foundation")
    assert list(breaches()) == []


def quiz() -> StepProgress:
    found: StepProgress = StepProgress.objects.filter(step__kind="quiz")[0]
    return found


def fail_attempt() -> str:
    quiz().sitting.attempts.update(passed=False)  # type: ignore[union-attr]
    return f"stepprogress {quiz().pk}: a quiz is done that was never passed"


def lose_sitting() -> str:
    sitting = Sitting.objects.create(person=None, quiz=quiz().step_id)
    return f"sitting {sitting.pk}: no enrolment knows it"


def change_sitting() -> str:
    Sitting.objects.filter(progress=quiz()).update(quiz=LearningObject.objects.get(code="F1").pk)
    return f"stepprogress {quiz().pk}: its quiz is another than its sitting's"


def give_sitting_away() -> str:
    Sitting.objects.filter(progress=quiz()).update(person=None)
    return f"sitting {quiz().sitting_id}: its person is not the enrolment's"


def give_completion_away() -> str:
    Completion.objects.all().erase(person=learner("thief"))
    return f"completion {Completion.objects.get().pk}: its person is not the enrolment's"


def change_course() -> str:
    Completion.objects.all().erase(course_code="policing")
    return f"completion {Completion.objects.get().pk}: its course is not the enrolment's"


def change_release() -> str:
    Completion.objects.all().erase(release_number=7)
    return f"completion {Completion.objects.get().pk}: its release does not exist"


def expire_early() -> str:
    Completion.objects.all().erase(expires_on=date(2026, 11, 1))
    return f"completion {Completion.objects.get().pk}: it expires before its day"


def enrol_late() -> str:
    Enrolment.objects.update(enrolled_at=AT + timedelta(days=1))
    return f"completion {Completion.objects.get().pk}: it was completed before it began"


def skip_number() -> str:
    CourseRelease.objects.filter(course__code="policing").erase(number=3)
    return "course policing: its releases are not numbered 1 to 1"


@pytest.mark.parametrize(
    "spoil",
    [
        fail_attempt, lose_sitting, change_sitting, give_sitting_away, give_completion_away,
        change_course, change_release, expire_early, enrol_late, skip_number,
    ],
)  # fmt: skip
def test_each_breach_has_its_line(person: User, spoil: Callable[[], str]) -> None:
    assert spoil() in list(breaches())


def test_a_completion_of_nothing_is_told(person: User) -> None:
    StepProgress.objects.filter(enrolment__course__code="foundation").update(done_at=None)
    [line] = breaches()
    assert line == f"completion {Completion.objects.get().pk}: no step of it was done"
