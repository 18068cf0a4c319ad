"""Finding things: courses, lessons, terms of the glossary, information and sector pages.

What a reader may find is drawn up once a language and kept in the page cache, which publishing and
releasing empty: courses and lessons of offered releases only, in her language where that is offered
and else in the source's own. No query is kept or logged, and none reaches the cache.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from html import unescape
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.cache import caches
from django.db.models import F
from django.utils.html import strip_tags
from django.utils.text import Truncator
from wagtail.models import Page, PageViewRestriction
from wagtail.search.backends import get_search_backend

from courses.catalogue import COURSE_PATH, course_maps
from courses.glossary import Entry, glossary
from courses.models import Term, TreePage
from courses.sources import address, source_pages

from .reviewing import withheld

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest

# More words than a reader types; each costs the database a look-up.
MOST_WORDS = 8
LONGEST_WORD = 40
TELLING = 4  # letters; shorter ones ("the", "de") stand everywhere
EXCERPT_WORDS = 40
NAMED_FIRST = 3


@dataclass(frozen=True, slots=True)
class Findable:
    """A page that may be found: its words, and where it stands in the source's tree."""

    pk: int
    model: str
    title: str
    text: str
    language: str
    url: str
    path: str
    course: str = ""

    @property
    def kind(self) -> str:
        """What it is, in the reader's language: a course, a lesson."""
        return str(apps.get_model(self.model)._meta.verbose_name)


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found; `loosely` means that no place has all of its words, so some are enough."""

    results: list[Findable | Entry]
    loosely: bool = False


def words_in(query: str) -> list[str]:
    """Return the words to look for: letters and digits only, so no operator is ever passed on."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", query[: MOST_WORDS * LONGEST_WORD]))
    longer = [word for word in words if len(word) > 1] or words
    return [word[:LONGEST_WORD] for word in dict.fromkeys(longer)][:MOST_WORDS]


def find(query: str, *, request: HttpRequest) -> Found:
    """Return what holds all words of the query, or else any of them; best first."""
    words = words_in(query)
    if not words:
        return Found([])
    language: str = request.LANGUAGE_CODE
    pages = {page.pk: page for page in _open_to(request, findables(language))}
    terms = glossary(language)
    if found := _search(words, pages, terms, operator="and"):
        return Found(found)
    telling = [word for word in words if len(word) >= TELLING]
    if len(words) == 1 or not telling:
        return Found([])
    return Found(_search(telling, pages, terms, operator="or"), loosely=True)


def _search(
    words: list[str], pages: dict[int, Findable], terms: dict[str, Entry], *, operator: str
) -> list[Findable | Entry]:
    """Return a few terms that are called so, then pages, then all terms that speak of it."""
    text = " ".join(words)
    called = [entry for entry in terms.values() if _is_called(entry, words, operator=operator)]
    called.sort(key=lambda entry: _rank(entry, _plain(text)))
    search = partial(get_search_backend().search, text, operator=operator)
    hits = search(Page.objects.filter(pk__in=list(pages)).only("pk"))
    rows = {entry.pk: entry for entry in terms.values()}
    speaking = search(Term.objects.filter(pk__in=list(rows)).only("pk"))
    known = {entry.pk for entry in called}
    return [
        *called[:NAMED_FIRST],
        *(pages[page.pk] for page in hits),
        *called[NAMED_FIRST:],
        *(rows[term.pk] for term in speaking if term.pk not in known),
    ]


def _is_called(entry: Entry, words: list[str], *, operator: str) -> bool:
    """Tell whether a term is called by these words, in the reader's language or another."""
    wanted = [_plain(word) for word in words]
    for said in (entry.term, *entry.alternatives, *entry.avoided, *entry.elsewhere):
        name = _plain(said.text).split()
        matches = (any(part.startswith(word) for part in name) for word in wanted)
        if all(matches) if operator == "and" else any(matches):
            return True
    return False


def _rank(entry: Entry, text: str) -> tuple[bool, bool]:
    """Return what brings a term forward: it begins with the query, and may be used."""
    return not _plain(entry.term.text).startswith(text), entry.is_avoided


def _plain(text: str) -> str:
    """Return a text without capitals, accents and punctuation."""
    letters = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", bare))


def findables(language: str) -> list[Findable]:
    """Return every page that may be found in a language; no queries while the page cache holds it."""
    cache, key = caches["pages"], f"findables:{language}"
    found: list[Findable] | None = cache.get(key)
    if found is None:
        found = list(_shown({**_above_courses(language), **_of_courses(language)}))
        cache.set(key, found)
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is shown at an address: the words of the first of these languages that has any."""

    languages: tuple[str, ...]
    source: str
    url: str
    course: str = ""


def _of_courses(language: str) -> dict[str, _Wanted]:
    """Return the pages of offered releases by their key."""
    return {
        key: _Wanted(
            languages=(entry.language,),
            source=course.outline.source_locale,
            url=entry.url,
            course="" if entry == course.home else course.title,
        )
        for course in course_maps(language)
        for key, entry in course.entries.items()
    }


def _above_courses(language: str) -> dict[str, _Wanted]:
    """Return the pages that belong to no course by their key: information and sectors."""
    sources = source_pages().filter(live=True, depth__lt=COURSE_PATH // Page.steplen)
    return {
        str(page.translation_key): _Wanted(
            languages=(language, page.language),
            source=page.language,
            url=address(page.url_path, language=language),
        )
        for page in sources
    }


def _shown(wanted: dict[str, _Wanted]) -> Iterator[Findable]:
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for row in _rows(wanted):
        rows.setdefault(str(row["translation_key"]), {})[row["locale__language_code"]] = row
    hidden = withheld()
    for key, texts in rows.items():
        want = wanted[key]
        spoken = (code for code in want.languages if code in texts)
        shown = [texts[code] for code in spoken if (key, code) not in hidden]
        if shown and want.source in texts:
            yield _findable(shown[0], want, path=texts[want.source]["path"])


def _rows(keys: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the live pages of each kind that search finds, in every language; a query a kind."""
    names = ("pk", "translation_key", "locale__language_code", "title", "path")
    for model in apps.get_models():
        if issubclass(model, TreePage) and model.introduced_by:
            pages = model._default_manager.filter(
                translation_key__in=list(keys), live=True, alias_of=None
            )
            for row in pages.values(*names, text=F(model.introduced_by)):
                yield {**row, "model": model._meta.label}


def _findable(row: dict[str, Any], want: _Wanted, *, path: str) -> Findable:
    plain = unescape(strip_tags(row["text"].replace("</", " </")))
    return Findable(
        pk=row["pk"],
        model=row["model"],
        title=row["title"],
        text=Truncator(" ".join(plain.split())).words(EXCERPT_WORDS),
        language=row["locale__language_code"],
        url=want.url,
        path=path,
        course=want.course,
    )


def _open_to(request: HttpRequest, pages: Iterable[Findable]) -> Iterator[Findable]:
    """Yield what is not closed to this visitor; what closes a source closes it in every language."""
    restrictions = PageViewRestriction.objects.select_related("page").prefetch_related("groups")
    mine = {group.pk for group in request.user.groups.all()}
    closed = tuple(
        restriction.page.path
        for restriction in restrictions
        if not _is_let_in(request, restriction, mine)
    )
    return (page for page in pages if not page.path.startswith(closed))


def _is_let_in(request: HttpRequest, restriction: PageViewRestriction, mine: set[int]) -> bool:
    """Answer as Wagtail does, without asking again for the groups of the same person."""
    if restriction.restriction_type != PageViewRestriction.GROUPS or request.user.is_superuser:
        return bool(restriction.accept_request(request))
    return bool(mine & {group.pk for group in restriction.groups.all()})
