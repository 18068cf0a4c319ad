"""What the status page says of reviews is what a reader is told of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from courses.models import Review, Term, TermLanguage
from courses.readings import read_reviews

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ALL = 48 * 6


def unreviewed() -> float:
    readings = {reading.code: reading.value for reading in read_reviews(NOW)}
    return readings["glossary_unreviewed"]


@pytest.mark.usefixtures("curriculum")
def test_words_published_after_a_review_wait_for_one_again() -> None:
    assert unreviewed() == ALL
    row = TermLanguage.objects.get(code="child", locale="en")
    row.review, row.reviewed_by, row.reviewed_at = Review.PROFESSIONAL, "A. Example", NOW
    row.note_reviewed_words()
    row.save()
    assert unreviewed() == ALL - 1

    Term.objects.filter(code="child", locale__language_code="en").update(note="Other words.")
    assert unreviewed() == ALL


@pytest.mark.usefixtures("curriculum")
def test_a_term_that_nobody_is_shown_waits_for_nothing() -> None:
    Term.objects.filter(code="child", locale__language_code="en").update(live=False)
    assert unreviewed() == ALL - 1
