"""People by the million, with all that they earn: each row copies that of one who walked the way."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from certificates.models import Certificate, CertificateEvent
from courses.models import Completion, CourseRelease, Enrolment, StepProgress
from courses.outline import read_outline
from organisations.api import Charter, add_unit, found_organisation, root_of
from organisations.models import Membership, Organisation, Record, RecordEvent, Unit
from quizzes.models import Attempt, AttemptItem, Sitting
from tutela.accounts.models import Event, User

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

BIG, UNITS = "big", 40
PEOPLE_A_SMALL_ONE = 250  # of whom 100 are its members
DAYS = 1104
VALID = timedelta(days=730)
# Each table that is written, by its name in seeding.sql.
WRITTEN: dict[str, Any] = {
    "user": User,
    "address": EmailAddress,
    "enrolment": Enrolment,
    "sitting": Sitting,
    "progress": StepProgress,
    "attempt": Attempt,
    "item": AttemptItem,
    "completion": Completion,
    "certificate": Certificate,
    "fate": CertificateEvent,
    "event": Event,
    "membership": Membership,
    "record": Record,
    "recordevent": RecordEvent,
}
SCRATCH = ("person", "line", "day", "course", "step", "blank")


def grow(people: int, *, sample: User) -> None:
    """Add people until there are so many, beside those who came by themselves.

    `sample` has completed the first course; `bench.scene.certify` returns her.
    """
    known = User.objects.filter(email__endswith="@bench.example").count()
    if people <= known:
        return
    _found(people)
    completion = Completion.objects.filter(person=sample).latest("pk")
    numbers = {
        name: model.objects.aggregate(last=Max("pk"))["last"] or 0
        for name, model in WRITTEN.items()
    }
    names = {
        **numbers,
        "known": known,
        "more": people - known,
        "sample_completion": completion.pk,
        "sample_attempt": Attempt.objects.filter(sitting__person=sample).latest("pk").pk,
    }
    with _without_foreign_keys(), transaction.atomic(), connection.cursor() as cursor:
        _set_scene(cursor, at=timezone.now())
        script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
        for statement in script.format_map(names).split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        for name in SCRATCH:
            cursor.execute(f"DROP TABLE bench_{name}")
        for statement in connection.ops.sequence_reset_sql(no_style(), list(WRITTEN.values())):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def big_organisation() -> Organisation:
    """Return the organisation of four people in ten."""
    return Organisation.objects.get(slug=BIG)


def _found(people: int) -> None:
    at = timezone.now() - timedelta(days=DAYS)
    if not Organisation.objects.filter(slug=BIG).exists():
        root = root_of(found_organisation(Charter(slug=BIG, name="Big"), at=at))
        for number in range(UNITS):
            add_unit(root, code=f"{BIG}-{number}", name=f"Unit {number}")
    there = Organisation.objects.filter(slug__startswith="small-").count()
    slugs = [f"small-{number}" for number in range(there, people // PEOPLE_A_SMALL_ONE + 1)]
    small = Organisation.objects.bulk_create(
        Organisation(slug=slug, name=slug, created_at=at) for slug in slugs
    )
    roots = Unit.objects.filter(depth=1).count()
    Unit.objects.bulk_create(
        Unit(
            organisation=organisation,
            code=organisation.slug,
            name=organisation.name,
            depth=1,
            path=Unit._get_path("", 1, number),
        )
        for number, organisation in enumerate(small, start=roots + 1)
    )


def _set_scene(cursor: Any, *, at: datetime) -> None:
    """Fill the small tables from which the script draws: days, courses, their steps, and an empty answer."""
    cursor.execute(
        "CREATE TEMP TABLE bench_day AS SELECT 0 AS age, completed_at AS at, completed_on AS day, "
        "completed_on AS until FROM courses_completion WHERE id < 0"
    )
    moment, date = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    days = [(age, at - timedelta(days=age)) for age in range(DAYS)]
    cursor.executemany(
        "INSERT INTO bench_day VALUES (%s, %s, %s, %s)",
        [(age, moment(day), date(day.date()), date(day.date() + VALID)) for age, day in days],
    )
    cursor.execute(
        "CREATE TEMP TABLE bench_course AS SELECT 0 AS number, key AS object, code, code AS title "
        "FROM courses_learningobject WHERE code = ''"
    )
    cursor.execute(
        "CREATE TEMP TABLE bench_step AS SELECT 0 AS course, 0 AS place, key AS step "
        "FROM courses_learningobject WHERE code = ''"
    )
    cursor.execute(
        "CREATE TEMP TABLE bench_blank AS SELECT response AS blank FROM quizzes_attemptitem "
        "WHERE id < 0"
    )
    cursor.execute("INSERT INTO bench_blank VALUES ('[]')")
    for number, release in enumerate(CourseRelease.objects.newest().order_by("pk")[:2]):
        outline = read_outline(release.outline)
        cursor.execute(
            "INSERT INTO bench_course SELECT %s, key, code, code FROM courses_learningobject "
            "WHERE code = %s",
            [number, outline.code],
        )
        steps = sorted(outline.steps, key=lambda step: step.rule is None)  # quizzes first
        lessons = [steps[0], *(step for step in steps if step.rule is None)]
        cursor.executemany(
            "INSERT INTO bench_step SELECT %s, %s, key FROM courses_learningobject WHERE code = %s",
            [(number, place, step.code) for place, step in enumerate(lessons[:4])],
        )


@contextmanager
def _without_foreign_keys() -> Iterator[None]:
    """Spare the database the look at each reference: the script writes none that leads nowhere."""
    if connection.vendor != "postgresql":
        with connection.constraint_checks_disabled():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")
