"""The glossary in the words of one language: sorted, with what to say instead, and the same words
elsewhere. It is the same for everybody, so the page cache keeps it; publishing empties it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import caches

from .lending import foreign
from .models import Standing, Term, TermLanguage, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

# Letters that a language's alphabet sets after the one they look like.
OWN_LETTERS = {"es": {"ñ": "n"}, "ru": {"й": "и"}}
AFTER_ALL = "\uffff"


@dataclass(frozen=True, slots=True)
class Said:
    """A word of one language, and whether it stands in a published official text."""

    text: str
    language: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One term as a reader of one language sees it.

    A text that this language lacks is the source's, marked. Definition, note and usage are empty
    while no professional has reviewed them and this instance offers only what one did. `pk` is the
    row whose words these are.
    """

    pk: int
    code: str
    standing: str
    term: Said
    alternatives: tuple[Said, ...]
    avoided: tuple[Said, ...]
    definition: str
    note: str
    usage: str
    replaced_by: str
    instead: str
    reviewed: bool
    elsewhere: tuple[Said, ...]
    sort: tuple[str, str]

    @property
    def heading(self) -> str:
        """The word, marked where it is in another language than the reader's."""
        return self.term.text

    @property
    def is_avoided(self) -> bool:
        return self.standing == Standing.AVOID

    @property
    def needs_care(self) -> bool:
        return self.standing == Standing.CARE

    @property
    def letter(self) -> str:
        """The letter of the alphabet that it stands under."""
        first = self.sort[0][:2]
        if first.endswith(AFTER_ALL):
            return self.sort[1][:1].upper()
        return first[:1].upper()


def glossary(language: str) -> dict[str, Entry]:
    """Return the published terms by their code, in the alphabet of a language.

    Two queries the first time, none while the page cache holds it.
    """
    cache, key = caches["pages"], f"glossary:{language}"
    found: dict[str, Entry] | None = cache.get(key)
    if found is None:
        found = {entry.code: entry for entry in sorted(_entries(language), key=_place)}
        cache.set(key, found)
    return found


def words_of(codes: Iterable[str], *, language: str) -> list[Entry]:
    """Return these terms in their order; one that the glossary does not have is left out."""
    known = glossary(language)
    return [known[code] for code in codes if code in known]


def by_letter(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """Return sorted entries under the letters of the alphabet."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.letter, []).append(entry)
    return list(groups.items())


def _place(entry: Entry) -> tuple[str, str]:
    return entry.sort


def _entries(language: str) -> Iterator[Entry]:
    rows: dict[UUID, dict[str, Term]] = {}
    for term in Term.objects.select_related("locale").order_by("pk"):
        rows.setdefault(term.translation_key, {})[term.locale.language_code] = term
    words = {(row.code, row.locale): row for row in TermLanguage.objects.all()}
    shown = []
    for texts in rows.values():
        source = next(iter(texts.values()))  # the oldest: it decides
        if source.live:
            shown.append(_Texts(source, texts, words, language))
    said = {one.source.code: one.term.text for one in shown}
    for one in shown:
        yield one.entry(said)


class _Texts:
    """The rows of one term, and whose words a reader of one language gets."""

    def __init__(
        self,
        source: Term,
        texts: dict[str, Term],
        words: dict[tuple[str, str], TermLanguage],
        language: str,
    ) -> None:
        self.source = source
        self.texts = {code: term for code, term in texts.items() if term.live}
        self.words = words
        self.language = language
        self.origin: str = source.locale.language_code
        self.term = self._term()

    def _term(self) -> Said:
        if self.language in self.texts:
            return self._said(self.texts[self.language].term, self.language)
        said = self._said(self.source.term, self.origin)
        return Said(foreign(said.text, self.origin), self.origin, said.confirmed)

    def _particular(self, language: str) -> TermLanguage:
        code = self.source.code
        return self.words.get((code, language)) or TermLanguage(code=code, locale=language)

    def _said(self, text: str, language: str) -> Said:
        return Said(text, language, text in lines(self._particular(language).confirmed))

    def _reviewed(self, language: str) -> bool:
        return self._particular(language).covers(self.texts.get(language))

    def _is_offered(self, language: str) -> bool:
        return settings.OFFER_UNREVIEWED or self._reviewed(language)

    def _text(self, name: str) -> str:
        """Return a text, the source's where the language lacks it; wagtail-localize then copied it."""
        original = str(getattr(self.source, name))
        row = self.texts.get(self.language)
        given = str(getattr(row, name)) if row else ""
        is_own = self.language == self.origin or (bool(given) and given != original)
        if not self._is_offered(self.language if is_own else self.origin):
            return ""
        if is_own:
            return given
        return foreign(original, self.origin) if original else ""

    def entry(self, terms: dict[str, str]) -> Entry:
        here = self._particular(self.language)
        return Entry(
            pk=self.texts.get(self.language, self.source).pk,
            code=self.source.code,
            standing=self.source.standing,
            term=self.term,
            alternatives=tuple(
                self._said(word, self.language) for word in lines(here.alternatives)
            ),
            avoided=tuple(self._said(word, self.language) for word in lines(here.avoided)),
            definition=self._text("definition"),
            note=self._text("note"),
            usage=here.usage if self._is_offered(self.language) else "",
            replaced_by=self.source.replaced_by if self.source.replaced_by in terms else "",
            instead=terms.get(self.source.replaced_by, ""),
            reviewed=self._reviewed(self.language),
            elsewhere=tuple(
                self._said(self.texts[code].term, code)
                for code, _ in settings.LANGUAGES
                if code in self.texts and code != self.term.language
            ),
            sort=_sorting(self.term.text, self.term.language),
        )


def _sorting(text: str, language: str) -> tuple[str, str]:
    """Return where a word stands in its alphabet: accents count only between equal words."""
    plain = text.casefold().lstrip("«»„“\"'([ ")
    own = OWN_LETTERS.get(language, {})
    marked = "".join(own[letter] + AFTER_ALL if letter in own else letter for letter in plain)
    bare = unicodedata.normalize("NFD", marked)
    return "".join(letter for letter in bare if not unicodedata.combining(letter)), plain
