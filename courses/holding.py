"""What this room holds about a person, and how it lets go of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from .models import Completion, Enrolment

if TYPE_CHECKING:
    from datetime import datetime

    from tutela.accounts.models import User


def hold_enrolments(person: User) -> list[dict[str, Any]]:
    """Return a person's enrolments: which steps she did when, and what she completed."""
    enrolments = (
        Enrolment.objects.of(person)
        .select_related("course", "completion")
        .prefetch_related("progress__step")
        .order_by("enrolled_at")
    )
    return [
        {
            "course": enrolment.course.code,
            "cycle": enrolment.cycle,
            "enrolled_at": enrolment.enrolled_at.isoformat(),
            "steps": [
                {
                    "step": progress.step.code,
                    "done_at": progress.done_at and progress.done_at.isoformat(),
                }
                for progress in enrolment.progress.all()
            ],
            "completion": _hold_completion(getattr(enrolment, "completion", None)),
        }
        for enrolment in enrolments
    ]


def _hold_completion(completion: Completion | None) -> dict[str, Any] | None:
    if completion is None:
        return None
    return {
        "titles": completion.titles,
        "release": completion.release_number,
        "language": completion.language,
        "minutes": completion.minutes,
        "completed_at": completion.completed_at.isoformat(),
        "completed_on": completion.completed_on.isoformat(),
        "expires_on": completion.expires_on and completion.expires_on.isoformat(),
    }


def erase_enrolments(person: User, *, at: datetime) -> None:
    """Empty the person in her enrolments and completions, which stay countable without her."""
    with transaction.atomic():
        Completion.objects.filter(person=person).erase(person=None)
        Enrolment.objects.filter(person=person).update(person=None)
