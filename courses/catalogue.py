"""What a course looks like to a reader: its released outline with titles and addresses.

A `CourseMap` is the same for everybody who reads a course in a language, so it is kept in the page
cache, which publishing and releasing empty. It holds nothing about a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.db.models import Subquery
from wagtail.models import Page, Site

from .models import CourseLanguage, CoursePage, CourseRelease, Review
from .outline import Outline, Part, Step, read_outline

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
class CourseMap:
    """A released course in the words of one language, or of its source where that is not offered."""

    release: int
    number: int
    outline: Outline
    asked: str
    language: str
    offered: tuple[tuple[str, str], ...]  # (language, review), the source first
    entries: dict[str, Entry]
    home: Entry
    fields: dict[str, Any]

    @property
    def title(self) -> str:
        return self.home.title

    @property
    def url(self) -> str:
        return self.home.url

    @property
    def languages(self) -> list[str]:
        return [language for language, _ in self.offered]

    @property
    def is_fallback(self) -> bool:
        return self.language != self.asked

    @property
    def review(self) -> str:
        """How the words that are shown were reviewed."""
        return dict(self.offered).get(self.language, Review.NONE)

    @property
    def reviewed(self) -> bool:
        return self.review == Review.PROFESSIONAL

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
    languages = {
        row.locale: row.review for row in CourseLanguage.objects.offered().filter(course_id=outline.key)
    }
    if outline.source_locale not in languages:
        return None
    shown = language if language in languages else outline.source_locale
    return _map_of(release, outline, languages, asked=language, shown=shown)


def _release_at(path: str) -> CourseRelease | None:
    keys = Page.objects.filter(path=path).values("translation_key")
    return CourseRelease.objects.filter(course=Subquery(keys)).order_by("-number").first()


def _release_of(code: str) -> CourseRelease | None:
    return CourseRelease.objects.filter(course__code=code).order_by("-number").first()


def _map_of(
    release: CourseRelease, outline: Outline, languages: dict[str, str], *, asked: str, shown: str
) -> CourseMap | None:
    keys = [outline.key]
    keys += [part.key for part in outline.modules] + [step.key for step in outline.steps]
    entries = entries_of(keys, source=outline.source_locale, shown=shown, asked=asked)
    if set(keys) - set(entries):
        return None  # a page of the release was unpublished: the course is not offered meanwhile
    course = (
        CoursePage.objects.filter(translation_key=outline.key, locale__language_code=shown)
        .values("subtitle", "summary", "authors")
        .first()
    )
    order = [outline.source_locale, *sorted(set(languages) - {outline.source_locale})]
    return CourseMap(
        release=release.pk,
        number=release.number,
        outline=outline,
        asked=asked,
        language=shown,
        offered=tuple((code, languages[code]) for code in order),
        entries=entries,
        home=entries[outline.key],
        fields=course or {},
    )


def entries_of(keys: Iterable[str], *, source: str, shown: str, asked: str) -> dict[str, Entry]:
    """Return titles in the shown language, addresses of the source, of live pages by their key.

    What the source unpublished is missing in every language; a title that is not translated falls
    back to the source's.
    """
    rows = Page.objects.filter(
        translation_key__in=list(keys), locale__language_code__in={source, shown}, live=True
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


def address(url_path: str, *, language: str) -> str:
    """Return the address of a source page in a language: only the source's path counts."""
    roots = [root.root_path for root in Site.get_site_root_paths()]
    for root in sorted(roots, key=len, reverse=True):
        if url_path.startswith(root):
            return f"/{language}/{url_path.removeprefix(root)}"
    return f"/{language}{url_path}"


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

