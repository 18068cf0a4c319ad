"""Loads the curriculum's files into pages and questions, which stay editable in the CMS.

Idempotent: what the files say is compared with what was loaded last, never with the pages, so that
a second run changes nothing and an editor's change stays until its file changes. No record of a
learner is ever touched.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from quizzes.models import Choice, Question
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from ..models import CatalogPage, CoursePage, LessonPage, LoadedText, ModulePage, QuizPage
from .rendering import (
    choice_fields,
    course_fields,
    key_of,
    lesson_fields,
    module_fields,
    question_fields,
    quiz_fields,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from .files import Course


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a course: its code, model, fields, choices, and the code of its parent."""

    code: str
    model: type[Page] | type[Question]
    fields: dict[str, Any]
    parent: str = ""
    choices: list[dict[str, Any]] = field(default_factory=list)

    @property
    def digest(self) -> str:
        content = json.dumps([self.fields, self.choices], sort_keys=True, default=str)
        return hashlib.sha256(content.encode()).hexdigest()


def items_of(course: Course) -> Iterator[Item]:
    """Yield every object of a course, parents first."""
    yield Item(course.code, CoursePage, course_fields(course.data))
    for module in course.modules:
        code, quiz = module.data["code"], module.data["quiz"]
        yield Item(code, ModulePage, module_fields(module.data), parent=course.code)
        for lesson in module.lessons:
            yield Item(lesson["code"], LessonPage, lesson_fields(lesson), parent=code)
        yield Item(quiz["code"], QuizPage, quiz_fields(quiz, bank=code), parent=code)
        for question in module.questions:
            yield Item(
                question["code"],
                Question,
                question_fields(question, bank=code),
                choices=choice_fields(question),
            )


def load_source(
    course: Course, *, catalog: CatalogPage, at: datetime, say: Callable[[str], None]
) -> int:
    """Write what changed of a course in its source language, publish it, and return how much."""
    locale = catalog.locale
    known = _loaded(locale.language_code)
    parents: dict[str, Page] = {"": catalog}
    changed = 0
    for item in items_of(course):
        if known.get(item.code) != item.digest:
            with transaction.atomic():
                _write(item, locale=locale, parents=parents)
                _remember(item, locale.language_code, at)
            changed += 1
    say(f"{course.code} ({locale.language_code}): {changed} written")
    return changed


def _loaded(language: str) -> dict[str, str]:
    return dict(LoadedText.objects.filter(locale=language).values_list("code", "digest"))


def _remember(item: Item, language: str, at: datetime) -> None:
    LoadedText.objects.update_or_create(
        code=item.code, locale=language, defaults={"digest": item.digest, "loaded_at": at}
    )


def _write(item: Item, *, locale: Locale, parents: dict[str, Page]) -> None:
    key = key_of(item.code)
    found = item.model.objects.filter(translation_key=key, locale=locale).first()
    if item.model is Question:
        _write_question(item, found or Question(translation_key=key, locale=locale), locale)
        return
    page = found or item.model(translation_key=key, locale=locale)
    for name, value in item.fields.items():
        setattr(page, name, value)
    if not found:
        _parent(item, locale, parents).add_child(instance=page)
    page.save_revision(changed=False).publish()


def _parent(item: Item, locale: Locale, parents: dict[str, Page]) -> Page:
    """Return the parent as the database has it now: adding a child changes its row."""
    if not item.parent:
        return parents[""].__class__.objects.get(pk=parents[""].pk)
    return Page.objects.get(translation_key=key_of(item.parent), locale=locale)


def _write_question(item: Item, question: Question, locale: Locale) -> None:
    for name, value in item.fields.items():
        setattr(question, name, value)
    question.live = True
    question.choices = _choices(item, question, locale)
    question.save()
    question.save_revision(changed=False).publish()


def _choices(item: Item, question: Question, locale: Locale) -> list[Choice]:
    """Return the choices; one that stood there before keeps its row."""
    known = {choice.translation_key: choice.pk for choice in question.choices.all()}
    return [
        Choice(pk=known.get(fields["translation_key"]), locale=locale, **fields)
        for fields in item.choices
    ]


def load_translation(
    translated: Course, *, language: str, at: datetime, say: Callable[[str], None]
) -> int:
    """Write what changed of a course's translation, publish it, and return how much.

    It goes through wagtail-localize, one object a transaction and parents first, so that every text
    stands in the translation view of the CMS afterwards.
    """
    locale = Locale.objects.get(language_code=language)
    known = _loaded(language)
    changed = 0
    for item in items_of(translated):
        if known.get(item.code) != item.digest:
            with transaction.atomic():
                _translate(item, locale)
                _remember(item, language, at)
            changed += 1
    say(f"{translated.code} ({language}): {changed} written")
    return changed


def _translate(item: Item, locale: Locale) -> None:
    rows = item.model.objects.filter(translation_key=key_of(item.code)).exclude(locale=locale)
    translate_instance(rows.order_by("pk").first(), _instance(item, locale), locale)


def _instance(item: Item, locale: Locale) -> Page | Question:
    """Return the translated object in memory only: its texts are read off it."""
    instance = item.model(translation_key=key_of(item.code), locale=locale, **item.fields)
    if isinstance(instance, Question):
        instance.choices = [Choice(locale=locale, **fields) for fields in item.choices]
    return instance


def translate_instance(original: Any, words: Any, locale: Locale) -> None:
    """Give wagtail-localize the texts of `words` as the translation of `original`, and publish."""
    source, created = TranslationSource.get_or_create_from_instance(original)
    if not created:
        source, _ = TranslationSource.update_or_create_from_instance(original)
    texts = {
        (segment.path, segment.order): segment.string.data
        for segment in extract_segments(words)
        if isinstance(segment, StringSegmentValue)
    }
    segments = source.stringsegment_set.select_related("context")
    StringTranslation.objects.bulk_create(
        [
            StringTranslation(
                translation_of_id=segment.string_id,
                locale=locale,
                context=segment.context,
                data=texts[segment.context.path, segment.order],
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
                tool_name="curriculum",
            )
            for segment in segments
        ],
        update_conflicts=True,
        unique_fields=["locale", "translation_of", "context"],
        update_fields=["data"],
    )
    translation, _ = Translation.objects.get_or_create(source=source, target_locale=locale)
    translation.save_target(publish=True)
