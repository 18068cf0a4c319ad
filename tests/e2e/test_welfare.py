"""The welfare of learners where it needs a browser: leaving, pausing, reading otherwise, and no trace.

`docs/care.md` says what each rule asks for; `tests/test_welfare.py` reads pages, rows and mails.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from courses.enrolling import enrol
from courses.outline import LESSON
from tests.courses.scene import AT, complete, lesson, read_lessons, steps_of
from tests.people import make_person, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Request, Route
    from pytest_django.live_server_helper import LiveServer

    from tutela.accounts.models import User

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

STORY = "courses/policing/first-response/referral-and-cooperation/"
ELSEWHERE = "<!doctype html><html lang='en'><title>Elsewhere</title><p>Elsewhere</p></html>"

type Row = tuple[tuple[str, object], ...]


class Outside:
    """The site that the exit leads to, with the headers that it was asked with."""

    def __init__(self, page: Page) -> None:
        self.headers: list[dict[str, str]] = []
        page.route(f"{settings.QUICK_EXIT_URL}**", self.answer)

    def answer(self, route: Route) -> None:
        """Answer in its place."""
        self.headers.append(route.request.headers)
        route.fulfill(body=ELSEWHERE, content_type="text/html")


def open_page(browser: Browser, host: str, person: User | None, **options: Any) -> Page:
    """Return a page in a browser context of its own, of somebody who has signed in."""
    context = browser.new_context(base_url=host, locale="en-GB", **options)
    context.set_default_timeout(10_000)
    if person:
        key = signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": host}])
    return context.new_page()


@pytest.fixture
def officer(curriculum: None) -> User:
    """Give somebody who stands before the lesson with the story."""
    return make_officer("officer")


def make_officer(name: str) -> User:
    person = make_person(name, certificate_name="An Officer")
    complete(person, "foundation")
    enrol(person, course="policing", at=AT)
    read_lessons(person, "policing", but=2)
    return person


@pytest.mark.parametrize("scripts", [True, False])
def test_W5_leaving_by_keyboard_tells_the_other_site_nothing(
    curriculum: None, browser: Browser, live_server: LiveServer, scripts: bool
) -> None:
    page = open_page(browser, live_server.url, None, java_script_enabled=scripts)
    outside = Outside(page)
    page.goto(f"/en/{STORY}")

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(settings.QUICK_EXIT_URL)

    assert [headers.get("referer") for headers in outside.headers] == [None]
    assert page.title() == "Elsewhere"
    page.context.close()


def test_W5_the_page_is_blank_at_once(
    curriculum: None, browser: Browser, live_server: LiveServer
) -> None:
    page = open_page(browser, live_server.url, None)
    Outside(page)
    page.goto(f"/en/{STORY}")

    seen = page.evaluate(
        """() => {
            document.querySelector("[data-exit]").click();
            return [document.title, getComputedStyle(document.body).display];
        }"""
    )

    assert seen == ["\u200b", "none"]
    page.context.close()


def test_W5_the_exit_never_lies_over_continue(
    officer: User, browser: Browser, live_server: LiveServer
) -> None:
    size = {"width": 320, "height": 400}
    page = open_page(browser, live_server.url, officer, viewport=size, has_touch=True)
    for language, _name in settings.LANGUAGES:
        page.goto(f"/{language}/{STORY}")
        thumb = page.locator("[data-exit]").bounding_box()
        assert thumb is not None
        assert min(thumb["width"], thumb["height"]) >= 44
        for move in (
            "document.querySelector('#continue button').focus()",
            "location.hash='continue'",
        ):
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            page.evaluate(move)
            bar = page.locator("header.bar").bounding_box()
            button = page.locator("#continue button").bounding_box()
            assert bar is not None
            assert button is not None
            assert button["y"] >= bar["y"] + bar["height"], (language, move)
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_W3_the_story_can_be_read_whole_as_text(
    curriculum: None, browser: Browser, live_server: LiveServer, scripts: bool
) -> None:
    page = open_page(browser, live_server.url, None, java_script_enabled=scripts)
    page.goto(f"/en/{STORY}")
    nodes = page.locator(".scenario-node")
    assert page.locator(".scenario-node:visible").count() == 1

    page.get_by_role("link", name="Read the whole story as text").click()

    assert page.locator(".scenario-node:visible").count() == nodes.count() > 10
    assert "Situation 1" in page.locator(".scenario-node:visible h3").first.inner_text()
    page.locator(".scenario-node .decisions a").first.click()
    assert page.locator(".scenario-node:visible").count() == 1
    page.emulate_media(media="print")
    assert page.locator(".scenario-node:visible").count() == nodes.count()
    page.context.close()


def test_W3_a_screen_reader_hears_each_situation_before_what_came_of_it(
    curriculum: None, browser: Browser, live_server: LiveServer
) -> None:
    page = open_page(browser, live_server.url, None)
    page.goto(f"/en/{STORY}#story-text")
    [story] = [part.value for part in lesson("P5").body if part.block_type == "scenario"]
    heard = [
        str(id_) for id_ in page.locator(".scenario-node").evaluate_all("all => all.map(n => n.id)")
    ]
    expected = []
    for node in story["nodes"]:
        expected.append(node["node"])
        expected += [f"{node['node']}-{n}" for n, _choice in enumerate(node["choices"], 1)]
    assert heard == expected
    assert page.locator(".scenario-node > h3").count() == len(expected)
    page.context.close()


def test_W1_the_note_lets_one_choose_and_holds_nobody(
    curriculum: None, browser: Browser, live_server: LiveServer
) -> None:
    page = open_page(browser, live_server.url, None)
    page.goto(f"/en/{STORY}")
    assert page.evaluate("document.activeElement.tagName") == "BODY"

    page.get_by_role("link", name="Read the short version instead").click()
    assert page.locator("#short .prose").is_visible()
    page.get_by_role("link", name="Skip for now").click()
    assert page.locator("#continue").is_visible()

    note = page.locator("[aria-labelledby=content-note]")
    note.get_by_role("link").last.focus()
    page.keyboard.press("Tab")
    assert not note.evaluate("note => note.contains(document.activeElement)")
    page.context.close()


def test_W4_a_pause_leads_to_a_safe_page_and_back_to_the_place(
    officer: User, browser: Browser, live_server: LiveServer
) -> None:
    page = open_page(browser, live_server.url, officer)
    page.goto(f"/en/{STORY}")
    before = every_row()

    page.get_by_role("link", name="Pause and come back later").click()
    page.wait_for_url("**/en/learning/")
    assert every_row() == before
    assert page.get_by_text("Go on where you were:").is_visible()

    page.get_by_role("main").get_by_role("link", name="Referral and cooperation").click()
    page.wait_for_url(f"**/en/{STORY}")
    assert every_row() == before
    page.context.close()


# Two learners who chose differently in everything (W12).


def learn_carefully(page: Page) -> None:
    """Read in short, go the hard way through the story, leave quickly, pause, and go on."""
    page.goto(f"/en/{STORY}")
    page.get_by_role("link", name="Read the short version instead").click()
    page.locator(".scenario-node:visible .decisions a").last.click()
    page.locator(".scenario-node:visible a.button").click()
    page.locator(".block-check summary").last.click()
    page.locator("[data-exit]").click()
    page.wait_for_url(settings.QUICK_EXIT_URL)
    page.goto(f"/en/{STORY}")
    page.get_by_role("link", name="Skip for now").click()
    page.get_by_role("link", name="Pause and come back later").click()
    go_on(page)


def learn_plainly(page: Page) -> None:
    """Read in full, choose well, look at *My learning* by the menu, and go on."""
    page.goto(f"/en/{STORY}")
    page.get_by_role("link", name="Read the lesson").click()
    page.locator(".scenario-node:visible .decisions a").first.click()
    page.get_by_role("link", name="Read the whole story as text").click()
    page.locator(".block-check summary").first.click()
    page.goto(settings.QUICK_EXIT_URL)  # to look something up
    page.goto(f"/en/{STORY}")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="My learning").click()
    go_on(page)


def go_on(page: Page) -> None:
    """Come back from *My learning*, and send *Continue*."""
    page.wait_for_url("**/en/learning/")
    page.get_by_role("main").get_by_role("link", name="Referral and cooperation").click()
    page.wait_for_url(f"**/en/{STORY}")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/officer-welfare/")


def every_row() -> Counter[tuple[str, Row]]:
    """Return every row of every table, whoever made it."""
    found: Counter[tuple[str, Row]] = Counter()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            names = [column[0] for column in cursor.description]
            for values in cursor.fetchall():
                found[table, tuple(zip(names, map(str, values), strict=True))] += 1
    return found


def without_person(rows: Counter[tuple[str, Row]], person: User) -> list[tuple[str, list[Any]]]:
    """Return rows without what any two persons, moments and rows differ in."""

    def plain(name: str, value: object) -> object:
        if name in {"person_id", "user_id", "actor_id"}:
            return "hers" if value == str(person.pk) else value
        if name == "session_data":
            return sorted(SessionStore().decode(str(value)))
        if name == "id" or name in {"enrolment_id", "sitting_id", "session_key"}:
            return "its own"
        is_instant = re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*", str(value))
        return "an instant" if is_instant else value

    return sorted(
        ((table, [(name, plain(name, value)) for name, value in row]) for table, row in rows),
        key=repr,
    )


def request_as_sent(request: Request) -> tuple[Any, ...]:
    """Return a request without its person's cookies and the form's token."""
    body = re.sub(r"csrfmiddlewaretoken=\w+", "", request.post_data or "")
    headers = {
        name: value
        for name, value in request.all_headers().items()
        if name not in {"cookie", "content-length"}
    }
    return request.method, request.url, body, tuple(sorted(headers.items()))


class Lines(logging.Handler):
    """Every line that is logged, at any level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] not in {"asyncio", "faker"}:
            self.said.append((record.name, record.getMessage()))


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Give what is logged, with every logger at its most talkative."""
    handler, root = Lines(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def test_W12_two_learners_who_chose_differently_leave_the_same_traces(
    curriculum: None, browser: Browser, live_server: LiveServer, lines: Lines
) -> None:
    seen = []
    for name, learn in (("careful", learn_carefully), ("plain", learn_plainly)):
        person = make_officer(name)
        page = open_page(browser, live_server.url, person)
        Outside(page)
        asked: list[Request] = []
        page.on("request", lambda request: asked.append(request))  # noqa: B023, PLW0108
        before = every_row()
        lines.said.clear()

        learn(page)

        said = list(lines.said)
        ours = [request_as_sent(one) for one in asked if one.url.startswith(live_server.url)]
        # When its pictures and styles are fetched, and whether again, is the browser's own affair.
        sent = [one for one in ours if "/static/" not in one[1]]
        files = {one[:2] for one in ours if "/static/" in one[1]}
        after = every_row()
        gone, new = without_person(before - after, person), without_person(after - before, person)
        seen.append((sent, files, gone, new, said))
        page.context.close()
    (careful_sent, *careful), (plain_sent, *plain) = seen

    assert len(careful_sent) > 5
    assert [one for one in careful_sent if one[0] == "POST"]
    assert careful_sent == plain_sent
    assert careful == plain


def test_W12_the_lesson_is_the_one_that_everybody_has(curriculum: None) -> None:
    assert [step.code for step in steps_of("policing", LESSON)][-2:] == ["P5", "P6"]
