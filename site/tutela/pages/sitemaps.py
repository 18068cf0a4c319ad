"""What search engines may find: every public page, in each language that it is really offered in.

Like routing, it goes by the source: its path makes the addresses, its live translations the
languages. An address that only shows another language's words is none to be found at.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from courses.catalogue import COURSE_PATH, course_map, course_maps
from courses.models import ModulePage, QuizPage
from courses.sources import relative, source_pages

from .reviewing import offered, withheld
from .routing import IN_A_COURSE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from courses.catalogue import CourseMap
    from courses.lending import Lent

# When the words of a page were last published, by its key and their language.
type Texts = dict[str, dict[str, datetime | None]]

# Their views say noindex: they only lead to what is worth finding.
UNLISTED = (ModulePage, QuizPage)
# The paths of indexed views beside the tree, which speak every language of the interface.
BESIDE = ("help/", "glossary/")


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the sitemap: its path below its language, and its languages, the source's first."""

    path: str
    changed: dict[str, datetime | None]

    @property
    def places(self) -> list[tuple[str, datetime | None]]:
        """Return each whole address with the moment when its words last changed."""
        return [(whole(self.path, language), at) for language, at in self.changed.items()]

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """Return each language with the page's whole address in it."""
        return [(language, whole(self.path, language)) for language in self.changed]

    @property
    def default(self) -> str:
        """Return the address for readers of any other language."""
        return whole(self.path, next(iter(self.changed)))


@dataclass(frozen=True, slots=True)
class PageLanguages:
    """The languages of the page that is read, the source's first; `shown` is its words' own."""

    languages: list[str]
    shown: str


def whole(path: str, language: str) -> str:
    """Return a page's address with the site's own."""
    return f"{settings.BASE_URL}/{language}/{path}"


def listed_pages(beside: Iterable[str] = BESIDE) -> list[Listed]:
    """Return every page that may be found, in the order of the tree, then what stands beside it.

    A few queries, and those of the courses' maps where the page cache has none; none a language.
    """
    texts = _texts()
    courses = {course.outline.key: course for course in course_maps(settings.LANGUAGE_CODE)}
    rows = _public_sources()
    keys = {path: str(key) for key, path, *_ in rows}
    in_a_course = {kind.pk for kind in ContentType.objects.get_for_models(*IN_A_COURSE).values()}
    found = []
    for key, place, url_path, source, kind in rows:
        course = courses.get(keys.get(place[:COURSE_PATH], "")) if kind in in_a_course else None
        if kind in in_a_course and (course is None or str(key) not in course.entries):
            continue  # published, but in no release
        if languages := _languages(texts, str(key), source, course):
            changed = {language: texts[str(key)][language] for language in languages}
            found.append(Listed(relative(url_path), changed))
    every = [code for code, _ in settings.LANGUAGES]
    return [*found, *(Listed(path, dict.fromkeys(every)) for path in beside)]


def languages_of(lent: Lent) -> PageLanguages:
    """Return the languages that a page is offered in, and the one that is shown."""
    keys, course = [lent.source.translation_key], None
    if isinstance(lent.source, IN_A_COURSE):
        course = course_map(path=lent.source.path, language=lent.asked)
    if course:
        keys.append(UUID(course.outline.key))
    source = str(lent.source.locale.language_code)
    found = _languages(_texts(keys), str(keys[0]), source, course)
    return PageLanguages(found, (offered(lent) or lent).language)


def _public_sources() -> list[tuple[UUID, str, str, str, int]]:
    """Return key, place in the tree, path, language and kind of what everybody may read."""
    pages = source_pages().filter(live=True, alias_of=None, depth__gt=1)
    kinds = ContentType.objects.get_for_models(*UNLISTED).values()
    return list(
        pages.exclude(content_type__in=[kind.pk for kind in kinds])
        .public()  # type: ignore[attr-defined]  # Wagtail's own
        .order_by("path")
        .values_list("translation_key", "path", "url_path", "language", "content_type")
    )


def _texts(keys: Iterable[UUID] | None = None) -> Texts:
    """Return the live words of these pages, or of all, that may be shown."""
    pages = Page.objects.filter(live=True, alias_of=None)
    if keys is not None:
        pages = pages.filter(translation_key__in=list(keys))
    texts: Texts = defaultdict(dict)
    for key, language, at in pages.values_list(
        "translation_key", "locale__language_code", "last_published_at"
    ):
        texts[str(key)][language] = at
    for code, language in withheld(keys):
        texts[code].pop(language, None)
    return texts


def _languages(texts: Texts, key: str, source: str, course: CourseMap | None) -> list[str]:
    """Return the languages of a page, the source's first; a lesson goes with its course."""
    live = set(texts[key])
    if course:
        live &= set(course.languages) & set(texts[course.outline.key])
    every = [code for code, _ in settings.LANGUAGES]
    return sorted(live & set(every), key=lambda code: (code != source, every.index(code)))
