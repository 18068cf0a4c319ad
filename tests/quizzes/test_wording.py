"""Wording: the words as they stood when the attempt began, in the language being read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from quizzes.models import Question, QuestionVersion
from quizzes.wording import text_read, words_of

from .bank import make_question, reword, translate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def shown(language: str, *, days: int) -> tuple[str, str, bool]:
    """Return stem, language and foreignness of the words of an attempt begun so many days hence."""
    version = QuestionVersion.objects.get()
    at = timezone.now() + days * DAY
    words = words_of([version], language=language, at=at)[version.pk]
    assert text_read(version, language=language, at=at) == words.text.pk
    return words.stem, words.language, words.foreign


@pytest.fixture
def question() -> Question:
    """Give a question in two wordings."""
    return reword(make_question(), stem="Corrected?")


@pytest.mark.usefixtures("question")
@pytest.mark.parametrize(
    ("days", "stem"), [(1, "Corrected?"), (-1, "What comes first in case Q-1?")]
)
def test_words_as_they_stood(days: int, stem: str) -> None:
    assert shown("en", days=days) == (stem, "en", False)


@pytest.mark.usefixtures("question")
def test_missing_language_falls_back_to_the_source() -> None:
    assert shown("fr", days=1) == ("Corrected?", "en", True)


def test_language_that_came_later_shows_its_first_words(question: Question) -> None:
    reword(translate(question), stem="[fr] Second.")
    assert shown("fr", days=-1) == ("[fr] Corrected?", "fr", False)
    assert shown("fr", days=1) == ("[fr] Second.", "fr", False)


@pytest.mark.usefixtures("question")
def test_foreign_words_are_marked() -> None:
    version = QuestionVersion.objects.get()
    words = words_of([version], language="fr", at=timezone.now())[version.pk]
    assert words.marks == ' lang="en" dir="ltr"'
