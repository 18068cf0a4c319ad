"""Which page stands at an address: the source tree alone decides (design, section 3).

One look-up of the path in the source tree, then the words of the live translation where the
language is offered, else the source's own, never a 404.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from courses.catalogue import course_map
from courses.lending import Lent
from courses.models import CoursePage, LessonPage, ModulePage, QuizPage
from courses.sources import sources_at

if TYPE_CHECKING:
    from wagtail.models import Page

# What stands in a release, or is seen in a preview only.
IN_A_COURSE = (CoursePage, ModulePage, LessonPage, QuizPage)


def find_page(path: str, *, language: str) -> Lent | None:
    """Return the page at a path below the language (`courses/policing/`), or None."""
    source = sources_at(path).filter(live=True).first()
    if source is None:
        return None
    original, words = _texts_of(source, language)
    if original is None:
        return None
    if isinstance(original, IN_A_COURSE):
        course = course_map(path=source.path, language=language)
        if course is None or str(source.translation_key) not in course.entries:
            return None  # published, but in no release: only a preview shows it
        if course.is_fallback:
            words = original
    return Lent(original, words or original, asked=language)


def _texts_of(source: Page, language: str) -> tuple[Page | None, Page | None]:
    """Return the whole source page, and its live translation; an alias is only a copy of it."""
    rows = {
        page.locale.language_code: page
        for page in source.specific_class.objects.filter(
            translation_key=source.translation_key,
            locale__language_code__in={source.language, language},
            live=True,
            alias_of=None,
        ).select_related("locale")
    }
    return rows.get(source.language), rows.get(language)
