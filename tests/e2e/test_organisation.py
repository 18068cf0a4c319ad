"""Point 5 of the main journey, in a real browser: invite, join, record, export, leave."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core import mail
from openpyxl import load_workbook

from courses.api import course_map, finish_lesson, start_quiz
from courses.outline import LESSON
from organisations.models import Record
from quizzes.api import answer, submit_attempt
from tests.people import Cast, make_cast, signed_in
from tutela.accounts.models import User

from .walking import Walker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
OFFICER = "officer@example.org"
LINK = re.compile(r"https?://[^/]+(/\S+/join/\S+)")


@pytest.fixture
def desk(
    curriculum: None, browser: Browser, live_server: LiveServer
) -> Iterator[tuple[Cast, Page]]:
    """Give the cast, and the page of the manager who is signed in."""
    cast = make_cast()
    session = signed_in(cast.manager).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    yield cast, context.new_page()
    context.close()


def complete(person: User, code: str, language: str) -> None:
    """Take a course without a browser, by the operations that the pages call."""
    at = datetime.now(tz=UTC)
    course = course_map(code=code, language=language)
    assert course is not None
    for step in course.outline.steps:
        if step.kind == LESSON:
            finish_lesson(person, course=code, step=step.key, language=language, at=at)
            continue
        attempt = start_quiz(person, course=code, step=step.key, language=language, at=at)
        for item in attempt.items.select_related("version"):
            keys = item.version.right_keys
            answer(attempt, position=item.position, keys=keys, language=language, at=at)
        submit_attempt(attempt, at=at)


def invite(manager: Walker) -> str:
    """Invite the officer, and return the path of the link in the mail."""
    manager.open("organisations/ours/invitations/")
    manager.page.locator("main textarea").fill(f"{OFFICER}; 4711")
    manager.page.locator("main select[name=language]").select_option(manager.language)
    manager.press("Send the invitations")
    manager.page.wait_for_load_state()
    message = next(sent for sent in mail.outbox if OFFICER in sent.to)
    found = LINK.search(str(message.body))
    assert found is not None
    return found.group(1)


def join_by(officer: Walker, link: str) -> User:
    """Follow the invitation, make an account, and join."""
    officer.page.goto(link)
    officer.follow("Create an account")
    officer.sign_up(OFFICER)
    officer.fill("name", "Officer Four")
    officer.page.locator("main form button.button").first.click()
    officer.page.wait_for_load_state()
    person = User.objects.get(email=OFFICER)
    person.certificate_name = "Officer Four"
    person.save()
    return person


def exported(page: Page, label: str) -> bytes:
    """Press an export button and return the file."""
    with page.expect_download() as download:
        page.get_by_role("link", name=label).or_(page.get_by_role("button", name=label)).click()
    return download.value.path().read_bytes()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_manager_sees_and_exports_what_was_completed(
    desk: tuple[Cast, Page], page: Page, language: str
) -> None:
    manager, officer = Walker(desk[1], language), Walker(page, language)

    person = join_by(officer, invite(manager))
    complete(person, "foundation", language)

    manager.open("organisations/ours/records/?course=foundation")
    assert "Officer Four" in manager.page.content()
    text = exported(manager.page, manager.says("Export as CSV")).decode("utf-8-sig")
    (row,) = list(csv.reader(text.splitlines()))[1:]
    assert row[:2] == ["4711", "Officer Four"]
    sheet = load_workbook(BytesIO(exported(manager.page, manager.says("Export as XLSX")))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:2] == ["4711", "Officer Four"]


def test_what_follows_leaving_is_no_record(desk: tuple[Cast, Page], page: Page) -> None:
    manager, officer = Walker(desk[1], "en"), Walker(page, "en")
    person = join_by(officer, invite(manager))
    complete(person, "foundation", "en")

    officer.open("organisations/ours/leave/")
    officer.press("Leave")
    officer.page.wait_for_load_state()
    complete(person, "policing", "en")

    assert [record.course_code for record in Record.objects.filter(staff_number="4711")] == [
        "foundation"
    ]


def test_other_manager_finds_nothing(desk: tuple[Cast, Page]) -> None:
    cast, _ = desk

    answer_to = signed_in(cast.other_manager).get("/en/organisations/ours/records/")

    assert answer_to.status_code == 404
