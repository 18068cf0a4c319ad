"""What search engines may find: every public page, in each language that it is really offered in.

Like routing, it goes by the source: its path makes the addresses, its live translations the
languages. What is read in another language's words only has no address of its own to be found at.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from wagtail.models import Page

from courses.catalogue import COURSE_PATH, course_map, course_maps
from courses.models import ModulePage, QuizPage
from courses.sectors import Sector
from courses.sources import relative, source_pages

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from courses.catalogue import CourseMap
    from courses.lending import Lent

# When the words of a page were last published, by its key and their language.
type Texts = dict[str, dict[str, datetime | None]]

# Their views say noindex: they only lead to what is worth finding.
UNLISTED = (ModulePage, QuizPage)
# What stands beside the tree, in every language of the interface.
VIEWS = [f"sectors/{sector}/" for sector in Sector.values]


@dataclass(frozen=True, slots=True)
class Findable:
    """A page below its language (`courses/policing/`), and its languages, the source's first."""

    path: str
    changed: dict[str, datetime | None]

    @property
    def source(self) -> str:
        return next(iter(self.changed))

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """Return each language with the page's whole address in it."""
        return [(language, whole(self.path, language)) for language in self.changed]

    @property
    def default(self) -> str:
        return whole(self.path, self.source)

    @property
    def places(self) -> list[tuple[str, datetime | None]]:
        """Return each whole address with the moment when its words last changed."""
        return [(whole(self.path, language), at) for language, at in self.changed.items()]


@dataclass(frozen=True, slots=True)
class Offered:
    """The languages of the page that is shown; `shown` is the language of its words."""

    languages: list[str]
    source: str
    shown: str


def whole(path: str, language: str) -> str:
    """Return a page's address with the site's own."""
    return f"{settings.BASE_URL}/{language}/{path}"


def findables() -> list[Findable]:
    """Return every page that may be found, as deep as the tree goes, then what stands beside it.

    Three queries, and those of the courses' maps where the page cache has none; none a language.
    """
    texts = _texts()
    courses = {course.outline.key: course for course in course_maps(settings.LANGUAGE_CODE)}
    rows = list(
        source_pages()
        .filter(live=True, alias_of=None, depth__gt=1)
        .not_exact_type(*UNLISTED)
        .public()
        .order_by("path")
        .values_list("translation_key", "path", "url_path", "language")
    )
    keys = {path: str(key) for key, path, _, _ in rows}
    found: dict[str, Findable] = {path: _beside(path) for path in VIEWS}
    for key, place, url_path, source in rows:
        course = courses.get(keys.get(place[:COURSE_PATH], ""))
        if len(place) >= COURSE_PATH and (course is None or str(key) not in course.entries):
            continue  # published, but in no release
        path = relative(url_path)
        languages = _languages(texts, str(key), source, course)
        found[path] = Findable(path, {code: texts[str(key)][code] for code in languages})
    return list(found.values())


def offered(lent: Lent) -> Offered:
    """Return the languages that a page is offered in; one query."""
    key, source = str(lent.source.translation_key), str(lent.source.locale.language_code)
    course = None
    if len(lent.source.path) >= COURSE_PATH:
        course = course_map(path=lent.source.path, language=lent.asked)
    keys = [key, course.outline.key] if course else [key]
    return Offered(_languages(_texts(keys), key, source, course), source, lent.language)


def _beside(path: str) -> Findable:
    languages = dict(settings.LANGUAGES)
    return Findable(path, dict.fromkeys([settings.LANGUAGE_CODE, *languages]))


def _texts(keys: Iterable[str] | None = None) -> Texts:
    """Return the live words of these pages, or of all."""
    pages = Page.objects.filter(live=True, alias_of=None)
    if keys is not None:
        pages = pages.filter(translation_key__in=list(keys))
    texts: Texts = defaultdict(dict)
    for key, language, at in pages.values_list(
        "translation_key", "locale__language_code", "last_published_at"
    ):
        texts[str(key)][language] = at
    return texts


def _languages(texts: Texts, key: str, source: str, course: CourseMap | None) -> list[str]:
    """Return the languages of a page, the source's first; a lesson goes with its course."""
    live = set(texts[key])
    if course:
        live &= set(course.languages) & set(texts[course.outline.key])
    others = [code for code, _ in settings.LANGUAGES if code in live and code != source]
    return [source, *others]
