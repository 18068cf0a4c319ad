"""What a course looks like to a reader: its released outline with titles and addresses.

A `CourseMap` is the same for everybody who reads a course in a language, so it is kept in the page
cache, which publishing and releasing empty. It holds nothing about a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.cache import caches
from wagtail.models import Page

from .models import CourseLanguage, CoursePage, CourseRelease, Review
from .outline import Outline, Part, Step, read_outline
from .sources import address

if TYPE_CHECKING:
    from collections.abc import Iterable

# Depth of a course in the tree: root, home, catalogue, course; four characters a level.
COURSE_PATH = 4 * Page.steplen


@dataclass(frozen=True, slots=True)
class Entry:
    """The title and address of a page, and the language of that title."""

    title: str
    url: str
    language: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A language that a course is offered in, and who reviewed its text."""

    language: str
    review: str
    reviewed_by: str


@dataclass(frozen=True, slots=True)
class CourseMap:
    """A released course in the words of one language, or of its source where that is not offered."""

    release: int
    number: int
    outline: Outline
    asked: str
    language: str
    offered: tuple[Offer, ...]  # the source first
    entries: dict[str, Entry]
    home: Entry
    summary: str

    @property
    def title(self) -> str:
        return self.home.title

    @property
    def url(self) -> str:
        return self.home.url

    @property
    def languages(self) -> list[str]:
        return [offer.language for offer in self.offered]

    @property
    def is_fallback(self) -> bool:
        return self.language != self.asked

    @property
    def offer(self) -> Offer:
        """The language that is shown."""
        return next(offer for offer in self.offered if offer.language == self.language)

    @property
    def reviewed(self) -> bool:
        return self.offer.review == Review.PROFESSIONAL

    @property
    def reviewer(self) -> str:
        return self.offer.reviewed_by

    def entry(self, part: Step | Part) -> Entry:
        """Return the title and address of a step or module."""
        return self.entries[part.key]


def course_map(*, path: str = "", code: str = "", language: str) -> CourseMap | None:
    """Return the map of the course at a tree path, or with a code; None where none is offered.

    Four queries the first time, none while the page cache holds it.
    """
    cache, key = caches["pages"], f"course:{path[:COURSE_PATH]}:{code}:{language}"
    found: CourseMap | None = cache.get(key)
    if found is None and (found := _draw_map(path, code, language)):
        cache.set(key, found)
    return found


def _draw_map(path: str, code: str, language: str) -> CourseMap | None:
    release = _release_at(path[:COURSE_PATH]) if path else _release_of(code)
    if release is None:
        return None
    outline = read_outline(release.outline)
    offers = {
        row.locale: Offer(row.locale, row.review, row.reviewed_by)
        for row in CourseLanguage.objects.offered()
        .filter(course=UUID(outline.key))
        .order_by("locale")
    }
    if outline.source_locale not in offers:
        return None
    shown = language if language in offers else outline.source_locale
    return _map_of(release, outline, offers, asked=language, shown=shown)


def _release_at(path: str) -> CourseRelease | None:
    keys = Page.objects.filter(path=path).values("translation_key")
    return CourseRelease.objects.filter(course__in=keys).order_by("-number").first()


def _release_of(code: str) -> CourseRelease | None:
    return CourseRelease.objects.filter(course__code=code).order_by("-number").first()


def _map_of(
    release: CourseRelease, outline: Outline, offers: dict[str, Offer], *, asked: str, shown: str
) -> CourseMap | None:
    keys = [outline.key]
    keys += [part.key for part in outline.modules] + [step.key for step in outline.steps]
    entries = entries_of(keys, source=outline.source_locale, shown=shown, asked=asked)
    if set(keys) - set(entries):
        return None  # a page of the release was unpublished: the course is not offered meanwhile
    home = entries[outline.key]
    if home.language != shown:  # the translated course page is gone: then all of it is the source's
        return _map_of(release, outline, offers, asked=asked, shown=home.language)
    summaries = CoursePage.objects.filter(
        translation_key=outline.key, locale__language_code=shown
    ).values_list("summary", flat=True)
    source = offers.pop(outline.source_locale)
    return CourseMap(
        release=release.pk,
        number=release.number,
        outline=outline,
        asked=asked,
        language=shown,
        offered=(source, *offers.values()),
        entries=entries,
        home=home,
        summary=summaries.first() or "",
    )


def entries_of(keys: Iterable[str], *, source: str, shown: str, asked: str) -> dict[str, Entry]:
    """Return titles in the shown language, addresses of the source, of live pages by their key.

    What the source unpublished is missing in every language; a title that is not translated falls
    back to the source's.
    """
    rows = Page.objects.filter(
        translation_key__in=list(keys),
        locale__language_code__in={source, shown},
        live=True,
        alias_of=None,
    ).values_list("translation_key", "locale__language_code", "title", "url_path")
    titles: dict[tuple[str, str], str] = {}
    paths: dict[str, str] = {}
    for key, language, title, path in rows:
        titles[str(key), language] = title
        if language == source:
            paths[str(key)] = path
    return {
        key: Entry(
            title=titles.get((key, shown), titles[key, source]),
            url=address(path, language=asked),
            language=shown if (key, shown) in titles else source,
        )
        for key, path in paths.items()
    }


def course_maps(language: str, *, sector: str = "") -> list[CourseMap]:
    """Return all courses that are offered, the foundation first; only one sector's if asked."""
    codes = CourseRelease.objects.newest().order_by("course__code")
    found = [
        course
        for code in codes.values_list("course__code", flat=True)
        if (course := course_map(code=code, language=language))
    ]
    if sector:
        found = [course for course in found if course.outline.sector in {"all", sector}]
    return sorted(found, key=lambda course: (bool(course.outline.requires), course.title))


def prerequisites(course: CourseMap) -> list[CourseMap]:
    """Return the courses that must be completed first."""
    return [
        found
        for code in course.outline.requires
        if (found := course_map(code=code, language=course.asked))
    ]


def course_texts(code: str, languages: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return title, subtitle and objectives of a course by language, as they are published now."""
    pages = CoursePage.objects.filter(
        code=code, locale__language_code__in=list(languages), live=True
    ).select_related("locale")
    return {
        page.locale.language_code: {
            "title": page.title,
            "subtitle": page.subtitle,
            "objectives": [str(child.value) for child in page.objectives],
        }
        for page in pages
    }
