"""What must be true whatever happened: acknowledged is stored, nothing is doubled, passes count."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.db import OperationalError, connection

from certificates.models import Certificate
from courses.enrolling import released
from courses.models import Completion, Enrolment, StepProgress
from courses.outline import Step as Part
from courses.outline import read_outline
from organisations.models import Record
from quizzes.models import Attempt, AttemptItem
from tutela.accounts.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .learner import Learner, Step


def forget_connection() -> None:
    """Ask the next question on a new connection: the database may have been killed."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]


def steps_of(course: str) -> tuple[Part, ...]:
    """Return the course's steps in their order."""
    return tuple(read_outline(released(course).outline).steps)


def open_attempt(email: str) -> int:
    """Return the attempt that this person has open."""
    found = Attempt.objects.get(sitting__person__email=email, submitted_at=None)
    return int(found.pk)


def right_answers(attempt: int) -> Iterator[tuple[int, list[str], list[int]]]:
    """Yield position, keys and places on the page of each right answer."""
    items = AttemptItem.objects.filter(attempt=attempt).select_related("version")
    for item in list(items.order_by("position")):
        right = set(item.version.right_keys)
        keys = [key for key in item.order if key in right]
        yield item.position, keys, [item.order.index(key) + 1 for key in keys]


def is_stored(learner: Learner, step: Step) -> bool:
    """Return whether the database holds what this step does."""
    mine = User.objects.filter(email=learner.email)
    progress = StepProgress.objects.filter(enrolment__person__in=mine, done_at__isnull=False)
    attempts = Attempt.objects.filter(sitting__person__in=mine)
    found = {
        "sign up": lambda: mine,
        "confirm": lambda: EmailAddress.objects.filter(user__in=mine, verified=True),
        "name": lambda: mine.filter(certificate_name=step.fields["name"]),
        "enrol": lambda: Enrolment.objects.filter(person__in=mine),
        "lesson": lambda: progress.filter(step_id=step.about),
        "start": lambda: attempts.filter(sitting__quiz=step.about),
        "answer": lambda: answers(attempts, *step.about),
        "submit": lambda: attempts.filter(pk=step.about, passed=True, submitted_at__isnull=False),
    }
    kind = "submit" if step.kind == "complete" else step.kind
    return bool(found[kind]().exists())


def answers(attempts: Any, attempt: int, position: int, keys: list[str]) -> Any:
    """Return the item of an attempt that holds this very answer."""
    items = AttemptItem.objects.filter(attempt__in=attempts.filter(pk=attempt), position=position)
    return items.filter(response=keys)


def faults_of(learner: Learner, *, certified: bool = False, recorded: bool = True) -> list[str]:
    """Return what the database does not hold, or holds twice, of this learner.

    A record is `check_records`' own matter where the clock says that she was no member yet.
    """
    steps = {(step.kind, str(step.about)): step for step in learner.acknowledged}
    lost = [f"{step.kind} of {learner.name} is lost" for step in steps.values()
            if not is_stored(learner, step)]  # fmt: skip
    doubled = [f"{what} of {learner.name}: {count}" for what, count in counts(learner).items()
               if count > 1]  # fmt: skip
    if certified:
        lost += [f"{what} of {learner.name}: {count} where there should be one"
                 for what, count in earned(learner).items()
                 if count != 1 and (recorded or what != "records")]  # fmt: skip
    return lost + doubled


def counts(learner: Learner) -> Counter[str]:
    """Return how many rows stand for what there may be only once."""
    mine = User.objects.filter(email=learner.email)
    found = Counter({"accounts": mine.count()})
    found["enrolments"] = Enrolment.objects.filter(person__in=mine).count()
    for key in StepProgress.objects.filter(enrolment__person__in=mine).values_list("step_id"):
        found[f"progress {key[0]}"] += 1
    for quiz in Attempt.objects.filter(sitting__person__in=mine).values_list("sitting__quiz"):
        found[f"attempts {quiz[0]}"] += 1
    return found + Counter(earned(learner))


def earned(learner: Learner) -> dict[str, int]:
    """Return how many completions, certificates and records there are."""
    mine = User.objects.filter(email=learner.email)
    codes = Certificate.objects.filter(person__in=mine).values("code")
    return {
        "completions": Completion.objects.filter(person__in=mine).count(),
        "certificates": Certificate.objects.filter(person__in=mine).count(),
        "records": Record.objects.filter(certificate_code__in=codes).count(),
    }


def has_address(learner: Learner) -> bool:
    """Return whether there is an address to confirm."""
    return bool(EmailAddress.objects.filter(email=learner.email).exists())


def code_of(learner: Learner) -> str:
    """Return the code of her certificate."""
    return str(Certificate.objects.get(person__email=learner.email).code)


def is_reached() -> bool:
    """Return whether the database answers."""
    try:
        User.objects.exists()
    except OperationalError:
        forget_connection()
        return False
    return True


def rows(model: Any) -> int:
    """Return how many rows of a model there are."""
    return int(model.objects.count())
