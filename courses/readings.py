"""Which languages of courses and which words of the glossary wait for a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from tutela.work.watching import Reading, rising

from .models import CourseLanguage, LanguageState, Review, Term, TermLanguage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def read_reviews(at: datetime) -> Iterator[Reading]:
    """Read what no professional has reviewed, and what a change of its source made outdated."""
    released = CourseLanguage.objects.filter(state=LanguageState.RELEASED)
    unreviewed = released.exclude(review=Review.PROFESSIONAL).count()
    yield Reading(
        "course_languages_unreviewed",
        rising(unreviewed, look=1),
        unreviewed,
        ngettext(
            "%d released language of a course was not reviewed by a professional.",
            "%d released languages of courses were not reviewed by a professional.",
            unreviewed,
        )
        % unreviewed,
    )
    outdated = CourseLanguage.objects.filter(state=LanguageState.OUTDATED).count()
    yield Reading(
        "course_languages_outdated",
        rising(outdated, look=1),
        outdated,
        ngettext(
            "%d language of a course is outdated and not offered.",
            "%d languages of courses are outdated and not offered.",
            outdated,
        )
        % outdated,
    )
    words = unreviewed_terms()
    yield Reading(
        "glossary_unreviewed",
        rising(words, look=1),
        words,
        ngettext(
            "%d entry of the glossary was not reviewed by a professional.",
            "%d entries of the glossary were not reviewed by a professional.",
            words,
        )
        % words,
    )


def unreviewed_terms() -> int:
    """Return how many published terms, of all languages, say what no professional has reviewed."""
    particular = {(row.code, row.locale): row for row in TermLanguage.objects.all()}
    published = Term.objects.filter(live=True).select_related("locale")
    found = ((particular.get((term.code, term.locale.language_code)), term) for term in published)
    return sum(row is None or not row.covers(term) for row, term in found)
