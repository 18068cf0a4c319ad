"""Behaviours that no other test proves; docs/accessibility.md says where each rule's test stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from courses.blocks import LessonBlocks
from courses.models import LessonPage
from organisations.api import invite, root_of
from quizzes.models import Kind as QuestionKind
from tests.people import signed_in

from .kinds import Kind
from .looking import look_at_focus, look_for_timers, stand_on
from .scene import Scene, make_scene

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@dataclass
class Stage:
    """A site in use, and a browser page that stands where it is sent."""

    scene: Scene
    page: Page
    host: str
    sessions: dict[str, str]

    def stand_on(self, path: str, who: str = "learner") -> Page:
        """Open a page as somebody."""
        stand_on(self.page, Kind("any", path, who=who), self.sessions, self.host)
        return self.page


@pytest.fixture
def stage(curriculum: None, page: Page, live_server: LiveServer) -> Stage:
    scene = make_scene("en")
    return Stage(scene, page, live_server.url, scene.sessions())


@pytest.fixture
def scene(curriculum: None) -> Scene:
    return make_scene("en")


@pytest.fixture
def learner(scene: Scene) -> Client:
    return signed_in(scene.cast.learner)


def main_of(html: str) -> str:
    return html.partition("<main")[2].partition("</main>")[0]


# A3, A4, A7, A8, A23: one scene for what a question does in a browser.
def test_question_waits_is_seen_and_begins_at_its_top(stage: Stage) -> None:
    question = stage.scene.question(QuestionKind.SINGLE)
    stage.page.clock.install()
    for path, who in [
        (question, "learner"),
        (f"/en/learning/attempts/{stage.scene.open.pk}/check/", "learner"),
        (stage.scene.foundation.entry(stage.scene.foundation.outline.steps[0]).url, "learner"),
        ("/accounts/login/code/confirm/", "halfway"),
    ]:
        assert look_for_timers(stage.stand_on(path, who)) == []  # A4

    page = stage.stand_on(question)
    assert page.locator("fieldset > legend > h1").count() == 1  # A3
    assert page.locator("input:checked").count() == 0
    page.keyboard.type("abcdefghijklmnopqrstuvwxyz0123456789?/.")  # A23
    assert page.url.endswith(question)
    page.emulate_media(color_scheme="dark")  # A8
    assert look_at_focus(page) == []
    page.emulate_media(forced_colors="active")
    assert look_at_focus(page) == []
    page.locator("main .choice label").first.click()
    page.locator("main form button").click()
    page.wait_for_url(lambda url: not url.endswith(question))
    begins = "[scrollY, document.activeElement.localName]"
    assert page.evaluate(begins) == [0, "body"]  # A7


# A4: whoever signs in again finds the question and the answer as they were.
def test_answer_is_there_after_signing_in_again(scene: Scene, learner: Client) -> None:
    item = scene.open.items.get(position=1)
    path = f"/en/learning/attempts/{scene.open.pk}/1/"
    learner.post("/accounts/logout/")

    asked = learner.get(path, follow=True)
    assert asked.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    credentials = {"login": scene.cast.learner.email, "password": "a pass phrase for tests"}
    back = learner.post(asked.redirect_chain[-1][0], credentials, follow=True)

    assert back.redirect_chain[-1][0] == path
    assert main_of(back.text).count(" checked") == len(item.response)


# A5, A6, A21: nothing yet asks for dragging, captions, alternative texts or headings of a table.
def test_lessons_have_no_block_that_needs_more_than_words() -> None:
    assert set(LessonBlocks().child_blocks) <= {
        *("text", "key_points", "do_and_do_not", "example", "check", "scenario", "national"),
        *("in_my_role", "terms", "figure"),  # a figure has its text or is marked as decorative
    }
    assert set(QuestionKind.values) == {"single", "several"}


# A11
def test_sign_in_asks_for_no_memory(client: Client) -> None:
    html = client.get("/accounts/login/?lang=en").text

    assert 'autocomplete="current-password"' in html
    assert "Send me a code by e-mail" in html
    assert "Use a passkey" in html
    assert "captcha" not in html.lower()


# A12
def test_name_is_not_asked_for_twice(scene: Scene, learner: Client) -> None:
    person = scene.cast.learner
    unit = root_of(scene.cast.other_organisation)
    at = timezone.now()
    by = scene.cast.other_manager
    asked = invite(unit, email=person.email, staff_number="", by=by, at=at, language="en")

    html = learner.get(f"/en/organisations/join/{asked.token}/").text

    assert f'value="{person.certificate_name}"' in html


# A14
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/en/courses/", "2 courses"),
        ("/en/organisations/ours/people/", "6 members"),
        ("/en/organisations/ours/records/", "2 records"),
    ],
)
def test_number_of_results_is_a_status(scene: Scene, path: str, said: str) -> None:
    html = signed_in(scene.cast.manager).get(path).text

    assert f' role="status">{said}</p>' in html


# A18
def test_progress_is_said_in_words(scene: Scene, learner: Client) -> None:
    html = learner.get(scene.policing.url).text

    described = re.findall(r'aria-describedby="(status-[^"]+)"', html)
    assert len(described) == len(scene.policing.outline.steps)
    statuses = re.findall(r'<span class="status[^"]*" id="status-[^"]+">([^<]+)<', html)
    assert {*statuses} == {"done", "to do"}
    assert re.search(r'<progress [^>]*aria-label="\d+ of \d+ steps done', html)


# A20
def test_what_not_to_do_says_so_in_words(scene: Scene, client: Client) -> None:
    lessons = [step for step in scene.foundation.outline.steps if step.code]
    pages = [client.get(scene.foundation.entry(step).url).text for step in lessons]

    lists = [
        part for page in pages for part in re.findall(r'class="do-not">(.*?)</ul>', page, re.DOTALL)
    ]
    assert lists
    for part in lists:
        assert part.count("<li") == part.count('<span class="visually-hidden">Do not: </span>')


# A21
def test_authors_are_shown_what_a_page_lacks(scene: Scene) -> None:
    lesson = LessonPage.objects.get(code="F1", locale__language_code="en")
    page = signed_in(scene.cast.publisher).get(f"/cms/pages/{lesson.pk}/edit/")

    assert 'data-side-panel="checks"' in page.text
    assert "axe" in page.text


# A22
def test_statement_can_be_read_on_every_page(client: Client, curriculum: None) -> None:
    assert client.get("/en/accessibility/").status_code == 200
    assert 'href="/en/accessibility/"' in client.get("/en/").text
