"""Freezing: structure from the source alone, words by language, once for each change."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from wagtail_localize.models import StringTranslation, TranslationSource

from quizzes.api import NotPublishedError, freeze_question
from quizzes.freezing import freeze_drawn
from quizzes.models import QuestionText, QuestionVersion

from .bank import MONDAY, locale, make_question, rekey, reword, translate

pytestmark = pytest.mark.django_db


def frozen() -> list[tuple[int, str, int]]:
    """Return (version, language, number) of every text."""
    return list(
        QuestionText.objects.order_by("version__number", "locale", "number").values_list(
            "version__number", "locale", "number"
        )
    )


def test_publish_freezes_structure_and_words() -> None:
    question = make_question(right="b", critical="keep-order")
    version = QuestionVersion.objects.get()
    assert version.key == question.translation_key
    assert version.structure == {
        "code": "Q-1",
        "bank": "office",
        "kind": "single",
        "critical_rule": "keep-order",
        "lesson": "o1",
        "sources": "",
        "status": "V",
        "source_locale": "en",
        "choices": [
            {"key": "a", "correct": False},
            {"key": "b", "correct": True},
            {"key": "c", "correct": False},
        ],
    }
    assert version.texts.get().texts["choices"]["b"] == {
        "text": "Answer b of Q-1",
        "feedback": "Feedback b of Q-1",
    }


def test_freezing_again_changes_nothing() -> None:
    question = make_question()
    first = freeze_question(question, at=MONDAY)
    assert freeze_question(question, at=MONDAY + timedelta(days=1)) == first
    assert frozen() == [(1, "en", 1)]


def test_wording_adds_a_text_and_structure_a_version() -> None:
    question = make_question()
    reword(question, stem="What comes first of all?")
    assert frozen() == [(1, "en", 1), (1, "en", 2)]
    rekey(question, right="c")
    assert frozen() == [(1, "en", 1), (1, "en", 2), (2, "en", 1)]


def test_structure_that_returns_is_the_version_it_was() -> None:
    question = make_question()
    rekey(question, right="c")
    rekey(question, right="a")
    assert frozen() == [(1, "en", 1), (2, "en", 1)]


def test_another_order_of_choices_is_no_new_version() -> None:
    question = make_question()
    question.choices = [*reversed(question.choices.all())]
    for place, choice in enumerate(question.choices.all()):
        choice.sort_order = place
    question.save_revision().publish()
    assert frozen() == [(1, "en", 1)]


def test_translation_cannot_change_what_is_right() -> None:
    question = make_question(right="a")
    french = translate(question)
    assert [choice.correct for choice in french.choices.all()] == [False, True, True]
    version = QuestionVersion.objects.get()
    assert version.right_keys == ["a"]
    assert frozen() == [(1, "en", 1), (1, "fr", 1)]
    assert freeze_question(french, at=MONDAY) == version


def test_correcting_a_translated_choice_changes_no_version() -> None:
    french = translate(make_question(right="a"))
    rekey(french, right="b")
    assert QuestionVersion.objects.get().right_keys == ["a"]


def test_translation_that_lacks_a_choice_is_not_frozen() -> None:
    translate(make_question(), keys="ab")
    assert frozen() == [(1, "en", 1)]


def test_unpublished_source_is_not_frozen() -> None:
    question = make_question(publish=False)
    with pytest.raises(NotPublishedError):
        freeze_question(question, at=MONDAY)


def test_unpublished_translation_is_not_frozen() -> None:
    question = make_question(publish=False)
    french = translate(question)
    french.unpublish()
    question.save_revision().publish()
    assert frozen() == [(1, "en", 1)]


def test_publish_succeeds_where_freezing_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    question = make_question(publish=False)
    monkeypatch.setattr("quizzes.freezing.digest_of", lambda data: 1 / 0)
    question.save_revision().publish()
    question.refresh_from_db()
    assert question.live
    assert "Q-1 was published but not frozen" in caplog.text


def test_wagtail_localize_publishes_a_translation_that_is_frozen() -> None:
    french = locale("fr")
    question = make_question(right="b")
    source, _ = TranslationSource.get_or_create_from_instance(question)
    source.update_from_db()
    for segment in source.stringsegment_set.all():
        StringTranslation.objects.create(
            translation_of=segment.string,
            locale=french,
            context=segment.context,
            data=f"[fr] {segment.string.data}",
        )
    with TestCase.captureOnCommitCallbacks(execute=True):
        source.create_or_update_translation(french)
    assert frozen() == [(1, "en", 1), (1, "fr", 1)]
    text = QuestionText.objects.get(locale="fr")
    assert text.texts["choices"]["b"]["text"] == "[fr] Answer b of Q-1"


def test_translators_are_given_words_and_no_structure() -> None:
    source, _ = TranslationSource.get_or_create_from_instance(make_question())
    paths = source.stringsegment_set.values_list("context__path", flat=True)
    assert {path.split(".")[-1] for path in paths} == {"stem", "rule", "text", "feedback"}
    assert not source.overridablesegment_set.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_drawn_questions_take_a_constant_number_of_queries(count: int) -> None:
    keys = [make_question(f"Q-{number}").translation_key for number in range(count)]
    with CaptureQueriesContext(connection) as queries:
        versions = freeze_drawn(keys, source_locale="en", language="fr", at=MONDAY)
    assert set(versions) == set(keys)
    assert len(queries) == 4


def test_draw_freezes_what_no_publish_has_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("quizzes.receivers.freeze_question", lambda *args, **kwargs: 1 / 0)
        question = make_question()
        translate(question)
    assert frozen() == []
    key = question.translation_key
    versions = freeze_drawn([key], source_locale="en", language="fr", at=MONDAY)
    assert versions[key].number == 1
    assert frozen() == [(1, "en", 1), (1, "fr", 1)]


@pytest.mark.django_db(transaction=True)
def test_two_freezes_at_once_give_one_version(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("quizzes.receivers.freeze_question", lambda *args, **kwargs: 1 / 0)
        question = make_question()
    barrier = threading.Barrier(4)

    def freeze() -> None:
        barrier.wait()
        freeze_question(question, at=MONDAY)
        connection.close()

    threads = [threading.Thread(target=freeze) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert frozen() == [(1, "en", 1)]
