"""What this room holds about a person, and how it forgets her."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from tutela.accounts.models import User

from .models import Attempt, AttemptItem, Sitting
from .places import place_of
from .retention import sum_up_and_remove


def hold_attempts(person: User) -> list[dict[str, Any]]:
    """Return a person's attempts: dates, results, and the answers while they are kept."""
    language = get_language() or ""
    return [
        {
            "quiz": place_of(attempt.sitting, language=language).title,
            "attempt": attempt.number,
            "language": attempt.language,
            "started_at": attempt.started_at.isoformat(),
            "submitted_at": attempt.submitted_at.isoformat() if attempt.submitted_at else None,
            "points": attempt.points,
            "maximum": attempt.maximum,
            "passed": attempt.passed,
            "questions": [_hold_item(item) for item in attempt.items.all()],
        }
        for attempt in Attempt.objects.of(person)
        .select_related("sitting")
        .prefetch_related("items__version", "items__text")
        .order_by("started_at")
    ]


def erase_attempts(person: User, *, at: datetime) -> None:
    """Remove a person's answers, marked ones into the tallies, and her name from her sittings."""
    with transaction.atomic():
        attempts = list(
            Attempt.objects.of(person)
            .filter(answers_removed_at__isnull=True)
            .select_for_update(no_key=True, of=("self",))
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        sum_up_and_remove(attempts, at=at)
        Sitting.objects.filter(person=person).update(person=None)


def _hold_item(item: AttemptItem) -> dict[str, Any]:
    words = item.text.texts if item.text else None
    return {
        "question": item.version.structure["code"],
        "version": item.version.number,
        "asked": words["stem"] if words else None,
        "answered": [words["choices"][key]["text"] for key in item.response] if words else [],
        "answered_at": item.answered_at.isoformat() if item.answered_at else None,
        "correct": item.correct,
    }
