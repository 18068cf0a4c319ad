"""Point 6 of the main journey, in a real browser: correct a sentence, preview, publish."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from courses.api import course_map, finish_lesson, start_quiz
from courses.models import LessonPage
from courses.outline import LESSON, QUIZ
from quizzes.api import answer, submit_attempt
from quizzes.models import Question
from tests.people import Cast, make_cast, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

    from quizzes.models import Attempt
    from tutela.accounts.models import User

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SENTENCE = "Select the services, and say when support starts."


@pytest.fixture
def desk(
    curriculum: None, browser: Browser, live_server: LiveServer
) -> Iterator[tuple[Cast, Page]]:
    """Give the cast, and the CMS of a publisher who is signed in."""
    cast = make_cast()
    session = signed_in(cast.publisher).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page = context.new_page()
    yield cast, page
    # The editor tells the server when it is left: let it, while the database is still its own.
    page.goto("/healthz", wait_until="networkidle")
    context.close()


def publish(page: Page) -> None:
    """Press *Publish* behind the arrow beside *Save draft*."""
    page.locator("footer button.w-dropdown__toggle").click()
    with page.expect_navigation():
        page.locator("button[name=action-publish]").click()


def open_attempt(person: User) -> Attempt:
    """Let a learner read the first module and start its quiz."""
    at = datetime.now(tz=UTC)
    course = course_map(code="foundation", language="en")
    assert course is not None
    for step in course.outline.modules[0].steps:
        if step.kind == LESSON:
            finish_lesson(person, course="foundation", step=step.key, language="en", at=at)
    quiz = next(step for step in course.outline.steps if step.kind == QUIZ)
    return start_quiz(person, course="foundation", step=quiz.key, language="en", at=at)


def test_corrected_sentence_is_previewed_and_published(desk: tuple[Cast, Page]) -> None:
    _, page = desk
    lesson = LessonPage.objects.get(code="P5", locale__language_code="en")
    page.goto(f"/cms/pages/{lesson.pk}/edit/")
    page.locator("textarea[name=objective]").fill(SENTENCE)

    page.get_by_role("button", name="Toggle preview").click()
    assert page.frame_locator("#w-preview-iframe").get_by_text(SENTENCE).first.text_content()
    publish(page)

    page.goto("/en/courses/policing/first-response/referral-and-cooperation/")
    assert SENTENCE in page.content()


def test_attempt_is_marked_on_the_questions_it_began_with(desk: tuple[Cast, Page]) -> None:
    cast, page = desk
    attempt = open_attempt(cast.learner)
    item = attempt.items.select_related("version").get(position=1)
    question = Question.objects.get(translation_key=item.version.key, locale__language_code="en")

    page.goto(f"/cms/snippets/quizzes/question/edit/{question.pk}/")
    page.locator("textarea[name=stem]").fill("Another question altogether?")
    publish(page)
    page.goto(f"/cms/snippets/quizzes/question/edit/{question.pk}/")
    assert page.locator("textarea[name=stem]").input_value() == "Another question altogether?"

    words = signed_in(cast.learner).get(f"/en/learning/attempts/{attempt.pk}/1/").content.decode()
    assert "Another question altogether?" not in words
    at = datetime.now(tz=UTC)
    for each in attempt.items.select_related("version"):
        keys = each.version.right_keys
        answer(attempt, position=each.position, keys=keys, language="en", at=at)
    assert submit_attempt(attempt, at=at).passed is True
