"""Which page stands at an address: the source tree alone decides (design, section 3).

One look-up of the path in the source tree, then the words of the live translation where the
language is offered, else the source's own, never a 404.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from courses.catalogue import COURSE_PATH, course_map
from courses.lending import Lent
from courses.models import LearningObject
from django.db.models import F, OuterRef, Subquery
from wagtail.models import Page, Site

if TYPE_CHECKING:
    from django.db.models import QuerySet


def find_page(path: str, *, language: str) -> Lent | None:
    """Return the page at a path below the language (`courses/policing/`), or None."""
    source = _source_at(path)
    if source is None:
        return None
    model = source.specific_class
    rows = {
        page.locale.language_code: page
        for page in model.objects.filter(
            translation_key=source.translation_key,
            locale__language_code__in={source.language, language},
            live=True,
        ).select_related("locale")
    }
    original = rows.get(source.language)
    if original is None:
        return None
    words = rows.get(language, original)
    if len(source.path) >= COURSE_PATH:
        course = course_map(path=source.path, language=language)
        if course is None or str(source.translation_key) not in course.entries:
            return None  # published, but in no release: only a preview shows it
        if course.is_fallback:
            words = original
    return Lent(original, words, asked=language)


def _source_at(path: str) -> Page | None:
    """Return the source page at a path: a translation's own address does not count."""
    roots = [root.root_path for root in Site.get_site_root_paths()]
    for page in _candidates({root + path for root in roots}):
        is_source = (
            page.language == page.source_language
            if page.source_language
            else page.pk == page.oldest
        )
        if is_source:
            return page
    return None


def _candidates(url_paths: set[str]) -> QuerySet[Page]:
    same = Page.objects.filter(translation_key=OuterRef("translation_key")).order_by("pk")
    identity = LearningObject.objects.filter(key=OuterRef("translation_key"))
    return Page.objects.filter(url_path__in=url_paths, live=True).annotate(
        language=F("locale__language_code"),
        source_language=Subquery(identity.values("source_locale")),
        # What is no learning object was first written in the language of its oldest page.
        oldest=Subquery(same.values("pk")[:1]),
    )
