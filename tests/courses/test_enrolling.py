"""Enrolling, going on, completing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connections

from courses.enrolling import (
    LessonsMissingError,
    NameMissingError,
    PrerequisiteMissingError,
    StepUnknownError,
    day_of,
    enrol,
    finish_lesson,
    missing_prerequisites,
    start_quiz,
)
from courses.models import (
    Completion,
    CoursePage,
    Enrolment,
    LearningObject,
    LessonPage,
    StepProgress,
)
from courses.outline import LESSON, QUIZ
from courses.releasing import release_course
from courses.signals import course_completed
from quizzes.api import AlreadyPassedError, submit_attempt
from quizzes.models import Attempt, Sitting

from .scene import (
    AT,
    answer_all,
    complete,
    learner,
    lesson,
    outline_of,
    pass_quizzes,
    publish,
    read_lessons,
    steps_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutela.accounts.models import User

pytestmark = pytest.mark.usefixtures("curriculum")
LATER = AT + timedelta(hours=1)


def go_on(person: User, step: str, code: str = "foundation", at: datetime = AT) -> Enrolment:
    return finish_lesson(person, course=code, step=step, language="en", at=at)


def begin(person: User, step: str, code: str = "foundation") -> Attempt:
    return start_quiz(person, course=code, step=step, language="en", at=AT)


def test_enrolling_twice_is_one_enrolment() -> None:
    person = learner()
    first = enrol(person, course="foundation", at=AT)
    assert enrol(person, course="foundation", at=LATER) == first
    assert (first.cycle, first.enrolled_at) == (1, AT)
    with pytest.raises(LearningObject.DoesNotExist):
        enrol(person, course="ghost", at=AT)


def test_continue_is_noted_once_with_its_first_instant() -> None:
    person, step = learner(), steps_of("foundation", LESSON)[0]
    go_on(person, step.key)
    go_on(person, step.key, at=LATER)
    assert list(StepProgress.objects.values_list("step__code", "done_at")) == [("F1", AT)]


@pytest.mark.parametrize("kind", ["a quiz", "of another course", "of none"])
def test_continue_at_what_is_no_lesson_changes_nothing(kind: str) -> None:
    person = learner()
    step = {
        "a quiz": steps_of("foundation", QUIZ)[0].key,
        "of another course": steps_of("policing", LESSON)[0].key,
        "of none": str(uuid4()),
    }[kind]
    with pytest.raises(StepUnknownError):
        go_on(person, step)
    assert Enrolment.objects.count() == StepProgress.objects.count() == 0


def test_a_course_that_was_never_released_has_no_steps() -> None:
    person = learner()
    with pytest.raises(StepUnknownError):
        go_on(person, str(uuid4()), code="ghost")
    with pytest.raises(StepUnknownError):
        begin(person, str(uuid4()), code="ghost")


def test_a_quiz_waits_for_the_lessons_of_its_module() -> None:
    person, (first, second) = learner(), steps_of("foundation", QUIZ)
    with pytest.raises(LessonsMissingError) as caught:
        begin(person, first.key)
    assert caught.value.codes == ["F1", "F2", "F3", "F4"]
    for step in steps_of("foundation", LESSON)[:4]:
        go_on(person, step.key)
    assert begin(person, first.key).number == 1
    with pytest.raises(LessonsMissingError) as caught:
        begin(person, second.key)
    assert caught.value.codes == ["F5", "F6", "F7", "F8"]


def test_a_refused_quiz_leaves_nothing_behind() -> None:
    person = learner()
    with pytest.raises(LessonsMissingError):
        begin(person, steps_of("foundation", QUIZ)[0].key)
    with pytest.raises(StepUnknownError):
        begin(person, steps_of("foundation", LESSON)[0].key)
    assert Enrolment.objects.count() == Sitting.objects.count() == Attempt.objects.count() == 0


def test_a_quiz_waits_for_the_prerequisite_and_the_name() -> None:
    person, [quiz] = learner(certificate_name=""), steps_of("policing", QUIZ)
    read_lessons(person, "policing")
    with pytest.raises(PrerequisiteMissingError) as caught:
        begin(person, quiz.key, "policing")
    assert caught.value.codes == ["foundation"]
    make_completion(person, "foundation")
    with pytest.raises(NameMissingError):
        begin(person, quiz.key, "policing")
    person.certificate_name = "Learner One"
    assert begin(person, quiz.key, "policing").rule["draw"] == quiz.rule.draw  # type: ignore[union-attr]


def make_completion(person: User, code: str, **fields: Any) -> Completion:
    enrolment = enrol(person, course=code, at=AT)
    row: Completion = Completion.objects.create(
        **{
            "enrolment": enrolment,
            "person": person,
            "course_code": code,
            "sector": "all",
            "titles": {},
            "release_number": 1,
            "language": "en",
            "review": "none",
            "minutes": 1,
            "pass_percent": 80,
            "completed_at": AT,
            "completed_on": AT.date(),
            **fields,
        }
    )
    return row


@pytest.mark.parametrize(
    ("expires_on", "zone", "missing"),
    [
        (None, "", []),
        (date(2026, 12, 1), "", []),
        (date(2026, 11, 30), "", ["foundation"]),
        # In Auckland the first of December is over when UTC still has it.
        (date(2026, 12, 1), "Pacific/Auckland", []),
        (date(2026, 11, 30), "Pacific/Auckland", ["foundation"]),
    ],
)
def test_a_prerequisite_counts_until_its_last_day(
    expires_on: date | None, zone: str, missing: list[str]
) -> None:
    person = learner(time_zone=zone)
    make_completion(person, "foundation", expires_on=expires_on)
    assert missing_prerequisites(person, outline_of("policing"), at=AT) == missing


def test_a_last_day_is_the_day_of_the_person() -> None:
    evening = datetime(2026, 12, 1, 20, tzinfo=UTC)
    for zone, missing in (("", []), ("Pacific/Auckland", ["foundation"])):
        person = learner(f"zone{len(zone)}", time_zone=zone)
        make_completion(person, "foundation", expires_on=date(2026, 12, 1))
        assert missing_prerequisites(person, outline_of("policing"), at=evening) == missing


def test_completion_is_flat_and_frozen() -> None:
    person = learner(time_zone="Asia/Almaty")
    late = datetime(2026, 12, 31, 20, 30, tzinfo=UTC)
    complete(person, "foundation", at=late)
    row = Completion.objects.get()
    page = CoursePage.objects.get(code="foundation", locale__language_code="en")
    assert (row.completed_at, row.completed_on) == (late, date(2027, 1, 1))
    assert row.expires_on is None or row.expires_on.day == 1
    assert set(row.titles) == {"en", "fr"}
    assert (row.titles["en"], row.language, row.release_number) == (page.title, "en", 1)
    assert (row.minutes, row.pass_percent) == (outline_of("foundation").minutes, 80)
    page.title = "Renamed"
    publish(page)
    assert Completion.objects.get().titles == row.titles


def test_a_certificate_lasts_the_courses_months() -> None:
    person = learner()
    make_completion(person, "foundation")
    complete(person, "policing")
    row = Completion.objects.get(course_code="policing")
    assert row.expires_on == date(2029, 12, 1)
    assert row.certificate.expires_on == row.expires_on


def test_completing_happens_once() -> None:
    person = learner()
    complete(person, "foundation")
    go_on(person, steps_of("foundation", LESSON)[-1].key, at=LATER)
    with pytest.raises(AlreadyPassedError):
        begin(person, steps_of("foundation", QUIZ)[-1].key)
    last = Attempt.objects.order_by("-pk")[0]
    submit_attempt(last, at=LATER)
    assert list(Completion.objects.values_list("completed_at", flat=True)) == [AT]


def test_a_clock_that_was_put_back_completes_nothing_before_it_began() -> None:
    person = learner()
    enrolment = enrol(person, course="foundation", at=AT)

    complete(person, "foundation", at=AT - timedelta(days=1))

    assert Completion.objects.get(enrolment=enrolment).completed_at == AT


def test_a_lesson_that_is_new_can_be_the_last_step() -> None:
    person = learner()
    read_lessons(person, "foundation")
    pass_quizzes(person, "foundation", but=1)
    attempt = answer_all(person, "foundation", steps_of("foundation", QUIZ)[-1])
    module = lesson("F8").get_parent()
    module.add_child(
        instance=LessonPage(title="New", code="F9", slug="new", objective="Select.", body=[])
    )
    publish(lesson("F9"))
    course = CoursePage.objects.get(code="foundation", locale__language_code="en")
    release_course(course, by=None, at=AT)
    submit_attempt(attempt, at=AT)
    assert Completion.objects.exists() is False
    go_on(person, str(lesson("F9").translation_key), at=LATER)
    assert Completion.objects.get().release_number == 2


def test_nothing_stands_when_the_certificate_fails() -> None:
    person = learner()
    read_lessons(person, "foundation")
    pass_quizzes(person, "foundation", but=1)
    attempt = answer_all(person, "foundation", steps_of("foundation", QUIZ)[-1])

    def fail(**_: Any) -> None:
        raise RuntimeError("no certificate today")

    course_completed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            submit_attempt(attempt, at=AT)
    finally:
        course_completed.disconnect(fail)
    attempt.refresh_from_db()
    assert (attempt.submitted_at, attempt.passed) == (None, None)
    assert StepProgress.objects.filter(step__kind="quiz", done_at__isnull=False).count() == 1
    assert Completion.objects.exists() is False
    submit_attempt(attempt, at=LATER)
    assert Completion.objects.get().completed_at == LATER


def test_no_course_is_completed_without_a_name_to_print() -> None:
    person = learner()
    read_lessons(person, "foundation", but=1)
    last = steps_of("foundation", LESSON)[-1]
    for step in steps_of("foundation", QUIZ):
        StepProgress.objects.create(enrolment=person.enrolments.get(), step_id=step.key, done_at=AT)
    type(person).objects.update(certificate_name="", first_name="")
    with pytest.raises(NameMissingError):
        go_on(person, last.key)
    assert StepProgress.objects.filter(step__code=last.code).exists() is False


def test_a_course_taken_back_meanwhile_still_names_itself(settings: LazySettings) -> None:
    person = learner()
    read_lessons(person, "foundation")
    pass_quizzes(person, "foundation", but=1)
    attempt = answer_all(person, "foundation", steps_of("foundation", QUIZ)[-1])
    settings.OFFER_UNREVIEWED = False
    submit_attempt(attempt, at=AT)
    row = Completion.objects.get()
    assert (list(row.titles), row.language, row.review) == (["en"], "en", "none")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Give two threads; each leaves its connection closed."""

    def close() -> None:
        for connection in connections.all():
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        yield pool
        list(pool.map(lambda _: close(), range(8)))


def test_the_last_two_steps_sent_at_once_complete_the_course(threads: ThreadPoolExecutor) -> None:
    person = learner()
    read_lessons(person, "foundation", but=0)
    pass_quizzes(person, "foundation", but=1)
    attempt = answer_all(person, "foundation", steps_of("foundation", QUIZ)[-1])
    last = steps_of("foundation", LESSON)[-1]
    StepProgress.objects.filter(step__code=last.code).delete()
    works = [lambda: submit_attempt(attempt, at=AT), lambda: go_on(person, last.key)]
    for done in [threads.submit(work) for work in works]:
        done.result()
    assert Completion.objects.count() == 1


def test_one_submission_sent_twice_at_once_completes_once(threads: ThreadPoolExecutor) -> None:
    person = learner()
    read_lessons(person, "foundation")
    pass_quizzes(person, "foundation", but=1)
    attempt = answer_all(person, "foundation", steps_of("foundation", QUIZ)[-1])
    both = list(threads.map(lambda _: submit_attempt(attempt, at=AT).passed, range(2)))
    assert both == [True, True]
    assert Completion.objects.count() == 1


def test_a_quiz_started_twice_at_once_is_one_sitting(threads: ThreadPoolExecutor) -> None:
    person, quiz = learner(), steps_of("foundation", QUIZ)[0]
    read_lessons(person, "foundation")
    both = list(threads.map(lambda _: begin(person, quiz.key).pk, range(2)))
    assert both[0] == both[1]
    assert Sitting.objects.count() == Attempt.objects.count() == 1


def test_enrolling_twice_at_once_is_one_enrolment(threads: ThreadPoolExecutor) -> None:
    person = learner()
    both = list(threads.map(lambda _: enrol(person, course="foundation", at=AT).pk, range(2)))
    assert both[0] == both[1]


@pytest.mark.parametrize(
    ("zone", "day"),
    [("", 1), ("Europe/Paris", 2), ("America/New_York", 1), ("Asia/Tbilisi", 2)],
)
def test_a_day_is_the_persons(zone: str, day: int) -> None:
    late = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    assert day_of(late, learner(time_zone=zone)) == date(2026, 12, day)
    assert day_of(late, None) == date(2026, 12, 1)
