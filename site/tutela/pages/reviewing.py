"""Notes who reviewed the words of a page, and decides in which words an instance may show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from courses.lending import Lent
from courses.models import Review
from tutela.accounts.models import log_event
from tutela.kit.middleware import empty_page_cache

from .models import InformationPage, SectorPage, TextReview

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from tutela.accounts.models import User

    from .models import TextPage


def review_text(
    page: TextPage, *, review: str, reviewed_by: str, reviewed_on: date, by: User, at: datetime
) -> TextReview:
    """Note the review of the words that the page shows now, and return it."""
    if review == Review.NONE:
        reviewed_by = ""
    with transaction.atomic():
        noted, _ = TextReview.objects.update_or_create(
            key=page.translation_key,
            locale=page.locale.language_code,
            words=page.fingerprint,
            defaults={
                "review": review,
                "reviewed_by": reviewed_by,
                "reviewed_on": reviewed_on if review != Review.NONE else None,
            },
        )
        log_event("text reviewed", subject=f"page {page.pk}", at=at, actor=by, review=review)
        transaction.on_commit(empty_page_cache)
    page.__dict__.pop("text_review", None)
    return noted


def offered(lent: Lent) -> Lent | None:
    """Return the page in words that may be shown here; None where there are none.

    A guarded page needs a professional's review of the words: the translation's, else the source's.
    """
    if (
        settings.OFFER_UNREVIEWED
        or not getattr(lent.source, "guarded", False)
        or lent.text.reviewed
    ):
        return lent
    if lent.source.reviewed:
        return Lent(lent.source, lent.source, asked=lent.asked)
    return None


def withheld(keys: Iterable[UUID] | None = None) -> set[tuple[str, str]]:
    """Return key and language of the live words that may not be shown here yet, of these pages or all.

    Three queries, none where unreviewed texts are offered.
    """
    return set() if settings.OFFER_UNREVIEWED else unreviewed(keys)


def unreviewed(keys: Iterable[UUID] | None = None) -> set[tuple[str, str]]:
    """Return key and language of the live guarded words that no professional has reviewed."""
    reviews = TextReview.objects.filter(review=Review.PROFESSIONAL)
    reviewed = set(reviews.values_list("key", "locale", "words"))
    found = set()
    for model in (InformationPage, SectorPage):
        guarded = model.objects.filter(guarded=True)
        if keys is not None:
            guarded = guarded.filter(translation_key__in=list(keys))
        pages = model.objects.filter(translation_key__in=guarded.values("translation_key"))
        for page in pages.filter(live=True).select_related("locale"):
            language = page.locale.language_code
            if (page.translation_key, language, page.fingerprint) not in reviewed:
                found.add((str(page.translation_key), language))
    return found
