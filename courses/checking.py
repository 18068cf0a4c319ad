"""What must always hold of learning; `check_records` prints a line for each breach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from quizzes.models import Attempt, Sitting

from .models import Completion, CourseRelease, Enrolment, ObjectKind, StepProgress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet


def breaches() -> Iterator[str]:
    """Yield one line for each record that breaks a promise of this room, in constant memory."""
    for words, broken in _promises():
        rows = broken.order_by("pk").values_list("pk", flat=True)
        for number in rows.iterator(chunk_size=2000):
            yield f"{broken.model._meta.model_name} {number}: {words}"
    releases = CourseRelease.objects.order_by().values_list("course__code")
    numbers = releases.annotate(low=Min("number"), high=Max("number"), count=Count("pk"))
    for code, low, high, count in numbers.iterator(chunk_size=2000):
        if low != 1 or high != count:
            yield f"course {code}: its releases are not numbered 1 to {count}"


def _promises() -> list[tuple[str, QuerySet[Any]]]:
    """Return each promise that a query can check, as the words for its breach and who broke it."""
    passed = Attempt.objects.filter(sitting=OuterRef("sitting"), passed=True)
    done = StepProgress.objects.filter(enrolment=OuterRef("enrolment"), done_at__isnull=False)
    held = StepProgress.objects.filter(sitting=OuterRef("pk"))
    release = CourseRelease.objects.filter(
        course=OuterRef("enrolment__course"), number=OuterRef("release_number")
    )
    quizzes = StepProgress.objects.filter(step__kind=ObjectKind.QUIZ)
    completions = Completion.objects.all()
    return [
        (
            "its person is not the enrolment's",
            completions.filter(_differs("person", "enrolment__person")),
        ),
        (
            "its course is not the enrolment's",
            completions.exclude(course_code=F("enrolment__course__code")),
        ),
        ("its release does not exist", completions.filter(~Exists(release))),
        ("no step of it was done", completions.filter(~Exists(done))),
        (
            "it was completed before it began",
            completions.filter(completed_at__lt=F("enrolment__enrolled_at")),
        ),
        ("it expires before its day", completions.filter(expires_on__lt=F("completed_on"))),
        (
            "a quiz is done that was never passed",
            quizzes.filter(~Exists(passed), done_at__isnull=False),
        ),
        (
            "its quiz is another than its sitting's",
            quizzes.filter(sitting__isnull=False).exclude(sitting__quiz=F("step_id")),
        ),
        (
            "a lesson has a sitting",
            StepProgress.objects.filter(step__kind=ObjectKind.LESSON, sitting__isnull=False),
        ),
        ("no enrolment knows it", Sitting.objects.filter(~Exists(held))),
        (
            "its person is not the enrolment's",
            Sitting.objects.filter(_differs("person", "progress__enrolment__person")),
        ),
        ("its cycle follows none", Enrolment.objects.filter(cycle=0)),
    ]


def _differs(mine: str, theirs: str) -> Q:
    """Return the condition that two fields differ; NULL equals NULL here, as it never does in SQL."""
    both = Q(**{f"{mine}__isnull": False, f"{theirs}__isnull": False})
    only_one = Q(**{f"{mine}__isnull": True, f"{theirs}__isnull": False}) | Q(
        **{f"{mine}__isnull": False, f"{theirs}__isnull": True}
    )
    return only_one | (both & ~Q(**{mine: F(theirs)}))
