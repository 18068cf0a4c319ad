"""What a course looks like to a reader: titles, addresses, languages."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.catalogue import CourseMap, course_map, course_maps, course_texts, prerequisites
from courses.models import CourseLanguage, CoursePage, LessonPage
from courses.places import place_of_sitting
from courses.sources import root_paths
from quizzes.models import Sitting

from .scene import learner, lesson, publish, read_lessons, steps_of

pytestmark = pytest.mark.usefixtures("curriculum")


def shown(language: str, code: str = "foundation") -> CourseMap:
    found = course_map(code=code, language=language)
    assert found is not None
    return found


def title(language: str, code: str = "F5", course: str = "foundation") -> tuple[str, str]:
    """Return the title and its language of a lesson in the course's map."""
    entry = shown(language, course).entries[str(lesson(code).translation_key)]
    return entry.title, entry.language


def test_titles_are_translated_and_addresses_are_the_sources() -> None:
    english, french = shown("en"), shown("fr")
    assert title("fr") == (lesson("F5", "fr").title, "fr")
    assert title("fr") != title("en")
    assert english.url == "/en/courses/foundation/"
    assert {key: entry.url.removeprefix("/fr") for key, entry in french.entries.items()} == {
        key: entry.url.removeprefix("/en") for key, entry in english.entries.items()
    }
    assert french.languages == ["en", "fr"]


def test_a_course_is_found_by_its_place_in_the_tree_too() -> None:
    page = lesson("F5")
    by_path = course_map(path=page.path, language="fr")
    assert by_path == shown("fr")


def test_a_map_is_read_from_the_cache() -> None:
    shown("fr")
    with CaptureQueriesContext(connection) as queries:
        shown("fr")
    assert len(queries) == 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_map_costs_few_queries(language: str) -> None:
    root_paths()  # Wagtail keeps them
    with CaptureQueriesContext(connection) as queries:
        shown(language)
    assert len(queries) == 4


def test_publishing_empties_the_cache() -> None:
    shown("en")
    page = lesson("F5")
    page.title = "Anew"
    publish(page)
    assert title("en") == ("Anew", "en")


def test_a_publish_that_rolls_back_empties_nothing() -> None:
    from django.db import transaction

    caches["pages"].set("kept", "yes")
    with transaction.atomic():
        page = lesson("F5")
        page.title = "Anew"
        publish(page)
        transaction.set_rollback(True)
    assert caches["pages"].get("kept") == "yes"
    assert title("en")[0] != "Anew"


def test_a_missing_translation_falls_back_to_the_sources_title() -> None:
    french = lesson("F5", "fr")
    french.unpublish()
    assert title("fr") == (lesson("F5").title, "en")
    assert shown("fr").is_fallback is False


def test_without_the_translated_course_page_all_of_it_is_the_sources() -> None:
    CoursePage.objects.get(code="foundation", locale__language_code="fr").unpublish()
    assert (shown("fr").language, shown("fr").is_fallback, shown("fr").asked) == ("en", True, "fr")
    assert title("fr") == (lesson("F5").title, "en")
    assert shown("fr").summary == shown("en").summary


def test_a_course_with_a_step_taken_back_is_not_offered() -> None:
    lesson("F5").unpublish()
    assert course_map(code="foundation", language="en") is None
    assert [course.outline.code for course in course_maps("fr")] == ["policing"]


def test_a_language_that_was_never_released_falls_back() -> None:
    CourseLanguage.objects.filter(course__code="foundation", locale="fr").delete()
    caches["pages"].clear()
    assert (shown("fr").language, shown("fr").is_fallback) == ("en", True)
    assert shown("fr").url == "/fr/courses/foundation/"


def test_a_language_of_no_words_is_served_in_the_sources() -> None:
    assert (shown("de").language, shown("de").url) == ("en", "/de/courses/foundation/")


@pytest.mark.parametrize(
    ("sector", "codes"),
    [
        ("", ["foundation", "policing"]),
        ("policing", ["foundation", "policing"]),
        ("tourism", ["foundation"]),
    ],
)
def test_a_sector_has_its_courses_and_those_for_all(sector: str, codes: list[str]) -> None:
    assert [course.outline.code for course in course_maps("fr", sector=sector)] == codes


def test_prerequisites_are_courses_of_the_same_language() -> None:
    [first] = prerequisites(shown("fr", "policing"))
    assert (first.outline.code, first.language) == ("foundation", "fr")
    assert prerequisites(first) == []
    assert course_map(code="ghost", language="en") is None


def test_texts_of_a_course_are_those_that_are_published() -> None:
    texts = course_texts("policing", ["en", "fr", "de"])
    assert set(texts) == {"en", "fr"}
    assert len(texts["fr"]["objectives"]) == len(texts["en"]["objectives"]) > 3
    assert (
        texts["fr"]["title"]
        == CoursePage.objects.get(code="policing", locale__language_code="fr").title
    )


def test_a_sitting_hangs_at_its_quiz() -> None:
    from courses.enrolling import start_quiz

    from .scene import AT

    person, [quiz, _] = learner(), steps_of("foundation", "quiz")
    read_lessons(person, "foundation")
    attempt = start_quiz(person, course="foundation", step=quiz.key, language="en", at=AT)
    place = place_of_sitting(attempt.sitting, "fr")
    assert place is not None
    assert (place.title, place.url) == (shown("fr").title, "/fr/courses/foundation/recognise/quiz/")
    assert place.lessons["F5"] == (
        title("fr")[0],
        "/fr/courses/foundation/respond/when-a-child-tells-you/",
    )
    assert place_of_sitting(Sitting(pk=999), "fr") is None
    assert (
        LessonPage.objects.filter(code__in=place.lessons, locale__language_code="fr").count() == 8
    )
