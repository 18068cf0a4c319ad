"""Retention: a person's answers become sums, and then nobody's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from .models import AnswerTally, Attempt, AttemptItem

BATCH = 200


def remove_old_answers(*, at: datetime) -> int:
    """Sum up and remove the answers of attempts marked more than `ANSWERS_KEPT_DAYS` ago.

    Returns the number of attempts. Each batch is one transaction, so that none is counted twice.
    """
    total = 0
    while True:
        with transaction.atomic():
            batch = list(
                with_old_answers(at=at)
                .select_for_update(no_key=True, skip_locked=True)
                .values_list("pk", flat=True)[:BATCH]
            )
            sum_up_and_remove(batch, at=at)
        total += len(batch)
        if len(batch) < BATCH:
            return total


def with_old_answers(*, at: datetime) -> QuerySet[Attempt]:
    """Return the attempts whose answers were kept long enough, the oldest first."""
    limit = at - timedelta(days=settings.ANSWERS_KEPT_DAYS)
    old = Attempt.objects.filter(submitted_at__lt=limit, answers_removed_at__isnull=True)
    return old.order_by("submitted_at", "pk")


def sum_up_and_remove(attempts: Collection[int], *, at: datetime) -> None:
    """Add the marked answers of some attempts to the tallies, then empty every answer of them.

    An attempt keeps its date, its result, and the position and version of its questions.
    Runs inside the caller's transaction, which holds the attempts.
    """
    items = AttemptItem.objects.filter(attempt__in=attempts)
    _add_to_tallies(
        items.filter(correct__isnull=False).values_list("version_id", "text__locale", "response")
    )
    items.update(response=[], text=None, answered_at=None, correct=None, points=None)
    Attempt.objects.filter(pk__in=attempts).update(answers_removed_at=at)


def _add_to_tallies(answers: Collection[tuple[int, str, list[str]]]) -> None:
    taken = Counter(
        (version, locale, key) for version, locale, response in answers for key in response
    )
    # In one order everywhere, so that two runs that meet wait for each other and do not deadlock.
    rows = [
        AnswerTally(version_id=version, locale=locale, choice=key)
        for version, locale, key in sorted(taken)
    ]
    AnswerTally.objects.bulk_create(rows, ignore_conflicts=True)
    for (version, locale, key), count in sorted(taken.items()):
        AnswerTally.objects.filter(version=version, locale=locale, choice=key).update(
            taken=F("taken") + count
        )
