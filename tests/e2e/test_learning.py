"""Points 1 to 4 of the main journey, in a real browser: learn, pass, certify, verify."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from certificates.models import Certificate
from courses.catalogue import course_map
from courses.outline import LESSON
from quizzes.models import Attempt
from tests import browser as browsers
from tutela.accounts.models import User

from .walking import Walker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Give a page whose browser runs no script."""
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    opened = context.new_page()
    found = browsers.complaints(opened)
    yield opened
    context.close()
    assert found == []


def take_course(walker: Walker, code: str, *, stumble: bool = False) -> None:
    """Take a course from its page to its end; with `stumble`, miss the first quiz once."""
    course = course_map(code=code, language=walker.language)
    assert course is not None
    for step in course.outline.steps:
        here = course_map(code=code, language=walker.language)
        assert here is not None
        walker.page.goto(here.entry(step).url)
        if step.kind == LESSON:
            walker.read_lesson()
            continue
        walker.press("Start the quiz")
        if "/name/" in walker.page.url:
            walker.fill("name", "Анна Müller")
            walker.page.locator("main form button").first.click()
            walker.press("Start the quiz")
        if stumble:
            walker.answer_quiz(right=False)
            assert walker.page.get_by_role("heading", name=walker.says("Not yet")).count()
            walker.follow("Go back and try again")
            walker.press("Start the quiz")
            stumble = False
        walker.answer_quiz(right=True)
        assert walker.page.get_by_role("heading", name=walker.says("Passed")).count()


def sees_foundation_first(walker: Walker) -> None:
    """Choose Policing on the home page, and see what has to come first."""
    walker.open("")
    walker.follow("Policing")
    policing = course_map(code="policing", language=walker.language)
    foundation = course_map(code="foundation", language=walker.language)
    assert policing is not None
    assert foundation is not None
    walker.follow(policing.title, translated=False)
    walker.follow(foundation.title, translated=False)
    walker.follow("Begin reading")


def walk(walker: Walker, email: str) -> Certificate:
    """Walk from the home page to a certificate, changing the language in the middle."""
    sees_foundation_first(walker)
    lesson = walker.page.url
    walker.follow("Keep my place")
    walker.sign_up(email)
    assert walker.page.url == lesson
    walker.read_lesson()
    place = walker.page.url.split("/courses/")[1]
    walker.switch_language()
    assert walker.page.url.endswith(place)
    take_course(walker, "foundation", stumble=True)
    walker.switch_language()
    return Certificate.objects.get(person__email=email)


def verify(walker: Walker, certificate: Certificate) -> None:
    """Type the code of a certificate, and read that it is valid."""
    walker.page.goto(f"/verify/?lang={walker.language}")
    walker.fill("code", certificate.code.lower())
    walker.page.locator("main form button").first.click()
    walker.page.wait_for_url(f"**/verify/{certificate.code}/**")
    assert certificate.texts[walker.language]["title"] in walker.page.content()
    assert "Müller" not in walker.page.content()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_learner_earns_a_certificate(curriculum: None, page: Page, language: str) -> None:
    walker = Walker(page, language)

    certificate = walk(walker, f"learner-{language}@example.org")

    assert certificate.holder == "Анна Müller"
    assert set(certificate.texts) == {"en", "fr"}
    for text in ("en", "fr"):
        answer = page.request.get(
            f"/{language}/learning/certificates/{certificate.code}/{text}.pdf"
        )
        assert answer.body().startswith(b"%PDF-")
    verify(walker, certificate)


# A24
def test_learner_without_javascript(curriculum: None, plain_page: Page) -> None:
    walker = Walker(plain_page, "en")

    certificate = walk(walker, "plain@example.org")

    person = User.objects.get(email="plain@example.org")
    assert Attempt.objects.filter(sitting__person=person).count() == 3
    verify(walker, certificate)


def test_policing_opens_after_foundation(curriculum: None, page: Page) -> None:
    walker = Walker(page, "en")
    walk(walker, "officer@example.org")

    take_course(walker, "policing")

    walker.open("learning/")
    assert Certificate.objects.filter(person__email="officer@example.org").count() == 2
    assert page.get_by_role("heading", name="Completed").count() == 1
