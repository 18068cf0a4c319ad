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

from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from quizzes.models import Choice, Question
from tutela.kit.deferring import upkeep_deferred

from ..models import CatalogPage, CoursePage, LessonPage, LoadedText, ModulePage, QuizPage
from .files import SOURCE
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

    from django.db.models import QuerySet

    from .files import Course

# How wagtail-localize names who gave it a translation: nobody in the CMS.
CURRICULUM = "curriculum"


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a course: its code, model, fields, choices, its parent's code, its children's."""

    code: str
    model: type[Page | Question]
    fields: dict[str, Any]
    parent: str = ""
    choices: list[dict[str, Any]] = field(default_factory=list)
    children: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        return digest_of([self.fields, self.choices, self.children])


def digest_of(content: Any) -> str:
    """Return a short name of what a file says."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def items_of(course: Course) -> Iterator[Item]:
    """Yield every object of a course, parents first."""
    modules = tuple(module.data["code"] for module in course.modules)
    yield Item(course.code, CoursePage, course_fields(course.data), children=modules)
    for module in course.modules:
        code, quiz = module.data["code"], module.data["quiz"]
        steps = (*(lesson["code"] for lesson in module.lessons), quiz["code"])
        yield Item(code, ModulePage, module_fields(module.data), course.code, children=steps)
        for lesson in module.lessons:
            yield Item(lesson["code"], LessonPage, lesson_fields(lesson), code)
        yield Item(quiz["code"], QuizPage, quiz_fields(quiz, bank=code), code)
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
    known = loaded_texts(locale.language_code)
    changed = [item for item in items_of(course) if known.get(item.code) != item.digest]
    for item in changed:
        with upkeep_deferred():
            _write(item, locale=locale, catalog=catalog)
            remember_text(item.code, item.digest, locale.language_code, at)
    for item in changed:
        if item.children:
            with upkeep_deferred():
                _arrange(item, locale)
    say(f"{course.code} ({locale.language_code}): {len(changed)} written")
    return len(changed)


def loaded_texts(language: str) -> dict[str, str]:
    """Return what was loaded last in a language: the digests by code."""
    return dict(LoadedText.objects.filter(locale=language).values_list("code", "digest"))


def remember_text(code: str, digest: str, language: str, at: datetime) -> None:
    """Note what was loaded of one object in one language."""
    LoadedText.objects.bulk_create(
        [LoadedText(code=code, locale=language, digest=digest, loaded_at=at)],
        update_conflicts=True,
        unique_fields=["code", "locale"],
        update_fields=["digest", "loaded_at"],
    )


def _write(item: Item, *, locale: Locale, catalog: CatalogPage) -> None:
    key = key_of(item.code)
    found = _rows(item).filter(locale=locale).first()
    if item.model is Question:
        _write_question(item, found or Question(translation_key=key, locale=locale), locale)
        return
    page = found or item.model(translation_key=key, locale=locale)
    for name, value in item.fields.items():
        setattr(page, name, value)
    if not found:
        # The parent as the database has it now: adding a child changes its row.
        parent = key_of(item.parent) if item.parent else catalog.translation_key
        Page.objects.get(translation_key=parent, locale=locale).add_child(instance=page)
    page.save_revision(changed=False).publish()


def _rows(item: Item) -> QuerySet[Any]:
    """Return the object in every language."""
    rows: QuerySet[Any] = item.model._default_manager.filter(translation_key=key_of(item.code))
    return rows


def _arrange(item: Item, locale: Locale) -> None:
    """Put the children of a page into the order of its file; what an editor added stays first."""
    parent = Page.objects.get(translation_key=key_of(item.code), locale=locale)
    present = list(parent.get_children().values_list("translation_key", flat=True))
    wanted = [key for code in item.children if (key := key_of(code)) in present]
    if [key for key in present if key in wanted] == wanted:
        return
    for key in wanted:
        child = Page.objects.get(translation_key=key, locale=locale)
        child.move(Page.objects.get(pk=parent.pk), pos="last-child")


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
    """Write what changed of a course's translation or of its source, publish it, return how much.

    It goes through wagtail-localize, one object a transaction and parents first, so that every text
    stands in the translation view of the CMS afterwards.
    """
    locale = Locale.objects.get(language_code=language)
    known, sources = loaded_texts(language), loaded_texts(SOURCE)
    changed = 0
    for item in items_of(translated):
        digest = digest_of([item.digest, sources.get(item.code)])
        if known.get(item.code) != digest:
            with upkeep_deferred():
                _translate(item, locale)
            # Only now is it published: a run that was killed before this line does it again.
            remember_text(item.code, digest, language, at)
            changed += 1
    say(f"{translated.code} ({language}): {changed} written")
    return changed


def _translate(item: Item, locale: Locale) -> None:
    source = _rows(item).exclude(locale=locale).order_by("pk").first()
    translate_instance(source, _instance(item, locale), locale)


def _instance(item: Item, locale: Locale) -> Page | Question:
    """Return the translated object in memory only: its texts are read off it."""
    instance = item.model(translation_key=key_of(item.code), locale=locale, **item.fields)
    if isinstance(instance, Question):
        instance.choices = [Choice(locale=locale, **fields) for fields in item.choices]
    return instance


def translate_instance(original: Any, words: Any, locale: Locale) -> None:
    """Give wagtail-localize the texts of `words` as the translation of `original`, and publish."""
    source, _ = TranslationSource.update_or_create_from_instance(original)
    texts = {
        (segment.path, segment.order): segment.string.data
        for segment in extract_segments(words)
        if isinstance(segment, StringSegmentValue)
    }
    # What an editor added to the source in the CMS has no words in the files: it stays untranslated.
    # The same words may stand twice in one text: they are one translation.
    found = {
        (segment.string_id, segment.context_id): texts[segment.context.path, segment.order]
        for segment in source.stringsegment_set.select_related("context")
        if (segment.context.path, segment.order) in texts
    }
    StringTranslation.objects.bulk_create(
        [
            StringTranslation(
                translation_of_id=string,
                locale=locale,
                context_id=context,
                data=data,
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
                tool_name=CURRICULUM,
            )
            for (string, context), data in found.items()
        ],
        update_conflicts=True,
        unique_fields=["locale", "translation_of", "context"],
        update_fields=["data", "has_error"],
    )
    translation, _ = Translation.objects.get_or_create(source=source, target_locale=locale)
    translation.save_target(publish=True)
