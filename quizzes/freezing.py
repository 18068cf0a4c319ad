"""Freezing: a question as it was, kept for good at its publish and, where that failed, at the draw."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q

from .models import Choice, Question, QuestionText, QuestionVersion


class NotPublishedError(RuntimeError):
    """The source of a question is not published, so there is nothing to freeze."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be frozen: the structure, read from the source, and the words of each language."""

    key: UUID
    structure: dict[str, Any]
    texts: dict[str, dict[str, Any]]

    @property
    def digest(self) -> str:
        return digest_of(self.structure)


def freeze_question(question: Question, *, at: datetime) -> QuestionVersion:
    """Return the version of a question as its source is live now, with the words of every language.

    The source is the oldest of its languages. What is known already is not frozen again.
    Raises `NotPublishedError` where the source is not live.
    """
    with transaction.atomic():
        # The lock lets only one freeze of a question at a time; the next finds what this one wrote.
        rows = Question.objects.select_for_update(no_key=True, of=("self",)).filter(
            translation_key=question.translation_key
        )
        source, *translations = rows.select_related("locale").order_by("pk")
        if not source.live:
            raise NotPublishedError(f"Question {source.code} is not published.")
        [draft] = _drafts([source], [row for row in translations if row.live])
        version = _version_of(draft, at=at)
        _append_texts(version, draft, at=at)
    return version


def freeze_drawn(
    keys: Sequence[UUID], *, source_locale: str, language: str, at: datetime
) -> dict[UUID, QuestionVersion]:
    """Return the version of each drawn question; freeze first what no publish has frozen.

    Looks at the source and at one language, in five queries whatever the number of questions.
    """
    rows = Question.objects.filter(
        Q(locale__language_code=source_locale) | Q(locale__language_code=language, live=True),
        translation_key__in=keys,
    ).select_related("locale")
    sources = [row for row in rows if row.locale.language_code == source_locale]
    drafts = _drafts(sources, [row for row in rows if row.locale.language_code != source_locale])
    known = _known_versions(drafts)
    newest = _newest_texts(known.values())
    questions = {source.translation_key: source for source in sources}
    return {
        draft.key: known[draft.key]
        if draft.key in known and _has_words(draft, newest[known[draft.key].pk])
        else freeze_question(questions[draft.key], at=at)
        for draft in drafts
    }


def digest_of(data: dict[str, Any]) -> str:
    """Return the SHA-256 of data written as canonical JSON, in hexadecimal."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def structure_of(source: Question, choices: Iterable[Choice]) -> dict[str, Any]:
    """Return what marking needs of a source question; the choices stand in the order of their keys."""
    return {
        "code": source.code,
        "bank": source.bank,
        "kind": source.kind,
        "critical_rule": source.critical_rule,
        "lesson": source.lesson,
        "sources": source.sources,
        "status": source.status,
        "source_locale": source.locale.language_code,
        # Attempts shuffle them, so that a new order in the editor is no new version.
        "choices": sorted(
            ({"key": choice.key, "correct": choice.correct} for choice in choices),
            key=lambda choice: str(choice["key"]),
        ),
    }


def texts_of(
    question: Question, choices: Iterable[Choice], *, keys: Iterable[str]
) -> dict[str, Any] | None:
    """Return the words of one language, or None where a word is missing for one of the keys."""
    words = {choice.key: {"text": choice.text, "feedback": choice.feedback} for choice in choices}
    chosen = {key: words[key] for key in keys if key in words and words[key]["text"]}
    if not question.stem or len(chosen) < len(list(keys)):
        return None
    return {"stem": question.stem, "rule": question.rule, "choices": chosen}


def _drafts(sources: Iterable[Question], translations: Iterable[Question]) -> list[Draft]:
    """Return what would be frozen of each source; reads the choices of all in one query."""
    choices = defaultdict(list)
    rows = [*sources, *translations]
    for choice in Choice.objects.filter(question__in=rows).order_by("sort_order", "pk"):
        choices[choice.question_id].append(choice)
    drafts = []
    for source in sources:
        structure = structure_of(source, choices[source.pk])
        keys = [choice["key"] for choice in structure["choices"]]
        texts = {
            row.locale.language_code: texts
            for row in rows
            if row.translation_key == source.translation_key
            and (texts := texts_of(row, choices[row.pk], keys=keys))
        }
        drafts.append(Draft(source.translation_key, structure, texts))
    return drafts


def _version_of(draft: Draft, *, at: datetime) -> QuestionVersion:
    versions = QuestionVersion.objects.filter(key=draft.key)
    known: QuestionVersion | None = versions.filter(digest=draft.digest).first()
    if known:
        return known
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version: QuestionVersion = QuestionVersion.objects.create(
        key=draft.key,
        number=number,
        structure=draft.structure,
        digest=draft.digest,
        frozen_at=at,
    )
    return version


def _append_texts(version: QuestionVersion, draft: Draft, *, at: datetime) -> None:
    newest = _newest_texts([version])[version.pk]
    for locale, texts in draft.texts.items():
        digest = digest_of(texts)
        number, last = newest.get(locale, (0, ""))
        if digest != last:
            QuestionText.objects.create(
                version=version,
                locale=locale,
                number=number + 1,
                texts=texts,
                digest=digest,
                frozen_at=at,
            )


def _known_versions(drafts: Iterable[Draft]) -> dict[UUID, QuestionVersion]:
    digests = {draft.key: draft.digest for draft in drafts}
    return {
        version.key: version
        for version in QuestionVersion.objects.filter(key__in=digests, digest__in=digests.values())
        if version.digest == digests[version.key]
    }


def _newest_texts(versions: Iterable[QuestionVersion]) -> dict[int, dict[str, tuple[int, str]]]:
    """Return for each version {language: (number, digest)} of its newest words."""
    newest: dict[int, dict[str, tuple[int, str]]] = defaultdict(dict)
    for version, locale, number, digest in (
        QuestionText.objects.filter(version__in=list(versions))
        .order_by("number")
        .values_list("version_id", "locale", "number", "digest")
    ):
        newest[version][locale] = (number, digest)
    return newest


def _has_words(draft: Draft, newest: dict[str, tuple[int, str]]) -> bool:
    return all(
        locale in newest and newest[locale][1] == digest_of(texts)
        for locale, texts in draft.texts.items()
    )
