"""Wording: the frozen words that an attempt shows, in the language being read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.translation import get_language_info

from tutela.accounts.models import PermanentQuerySet

from .models import QuestionText, QuestionVersion


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one question; `foreign` where they are not in the language asked for."""

    text: QuestionText
    foreign: bool

    @property
    def language(self) -> str:
        return self.text.locale

    @property
    def marks(self) -> str:
        """The attributes that mark these words where they are not in the language of the page."""
        if not self.foreign:
            return ""
        direction = "rtl" if get_language_info(self.language)["bidi"] else "ltr"
        return format_html(' lang="{}" dir="{}"', self.language, direction)

    @property
    def quoted(self) -> str:
        """The stem as it stands within a sentence in the language of the page."""
        return (
            format_html("<span{}>{}</span>", self.marks, self.stem) if self.foreign else self.stem
        )

    @property
    def stem(self) -> str:
        return str(self.text.texts["stem"])

    @property
    def rule(self) -> str:
        return str(self.text.texts["rule"])

    def choice(self, key: str) -> str:
        """Return the words of one choice."""
        return str(self.text.texts["choices"][key]["text"])

    def feedback(self, key: str) -> str:
        """Return why one choice is right, or not yet."""
        return str(self.text.texts["choices"][key]["feedback"])


def words_of(
    versions: Iterable[QuestionVersion], *, language: str, at: datetime
) -> dict[int, Words]:
    """Return the words of each version as they stood at an instant; one query.

    A language that came only later shows its first words; a language that is missing, the source's.
    """
    versions = list(versions)
    frozen: dict[int, list[QuestionText]] = defaultdict(list)
    for text in _frozen(versions, language=language):
        frozen[text.version_id].append(text)
    words = {}
    for version in versions:
        text = _as_it_stood(frozen[version.pk], language=language, at=at)
        words[version.pk] = Words(text, foreign=text.locale != language)
    return words


def text_read(version: QuestionVersion, *, language: str, at: datetime) -> int:
    """Return which text `words_of` shows of one version, without reading its words."""
    texts = _frozen([version], language=language).only("locale", "frozen_at")
    return int(_as_it_stood(texts, language=language, at=at).pk)


def _frozen(
    versions: Iterable[QuestionVersion], *, language: str
) -> PermanentQuerySet[QuestionText]:
    sources = {version.source_locale for version in versions}
    texts: PermanentQuerySet[QuestionText] = QuestionText.objects.filter(
        version__in=versions, locale__in={language, *sources}
    )
    return texts.order_by("number")


def _as_it_stood(texts: Iterable[QuestionText], *, language: str, at: datetime) -> QuestionText:
    texts = list(texts)
    own = [text for text in texts if text.locale == language] or texts
    return next((text for text in reversed(own) if text.frozen_at <= at), own[0])
