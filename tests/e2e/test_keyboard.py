"""The whole journey of a learner by keyboard alone, on a small telephone's page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from django.core import mail

from certificates.models import Certificate
from courses.outline import LESSON, QUIZ
from quizzes.models import Attempt
from tutela.accounts.models import User

from .looking import SMALLEST, look, look_at_sizes
from .scene import find_course, take
from .walking import CODE, PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# Where the focus is: what it is called, and what is wrong with how it is seen.
STOP = """() => {
  const one = document.activeElement;
  const near = [one, ...(one.labels ?? [])];
  const words = [...(one.labels ?? [])].map((label) => label.innerText).join(" ") || one.innerText || "";
  const name = words.replace(/\\s+/g, " ").trim();
  if (one === document.body || one.matches("main")) return { name: "", field: "", fault: "" };
  const isSeen = near.some((each) => getComputedStyle(each).outlineStyle !== "none");
  const box = (one.closest(".choice") ?? one).getClientRects()[0];
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const hit = document.elementFromPoint(Math.min(box.left + box.width / 2, innerWidth - 1), y);
  const isFree = hit && (one.contains(hit) || (one.closest(".choice") ?? hit).contains(one));
  const fault = !isSeen ? "no ring" : isFree ? "" : "covered";
  return { name, field: one.name ?? "", fault, path: location.pathname };
}"""


@dataclass
class Keys:
    """Somebody who has only the keys Tab, Shift, Enter, Space, the arrows and letters."""

    page: Page
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def tab_to(self, name: str, what: str = "name") -> None:
        """Press Tab until the focus is on what is called so; it must be seen all the way."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(STOP)
            if stop["fault"]:
                self.faults.append(f"{stop['path']}: {stop['fault']}: {stop['name']}")
            if re.match(name, stop[what]):
                return
        pytest.fail(f"Tab never comes to {name} on {self.page.url}")

    def go(self, name: str) -> None:
        """Go to a link or a button, press it, and look at the page that comes."""
        self.tab_to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def type(self, name: str, text: str) -> None:
        """Go to a field, by its name in the form, and type."""
        self.tab_to(name, what="field")
        self.page.keyboard.type(text)

    def send(self) -> None:
        """Send the form from the field, by Enter."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def look(self) -> None:
        """Note what does not fit, once a kind of page, and where the reader begins."""
        kind = re.sub(r"\d+", "", self.page.locator("h1").first.inner_text())
        if kind in self.seen:
            return
        self.seen.add(kind)
        lines = look_at_sizes(self.page) + look(self.page, "overflow")
        self.page.set_viewport_size({"width": SMALLEST, "height": 568})
        self.faults += [f"{self.page.url}: {line}" for line in lines]

    def answer(self, attempt: Attempt) -> None:
        """Choose the right answers: with the arrows among radio buttons, with Space among boxes."""
        for item in attempt.items.select_related("version").order_by("position"):
            self.page.wait_for_url(f"**/attempts/{attempt.pk}/{item.position}/")
            right = [item.order.index(key) for key in item.version.right_keys]
            if len(right) == 1 and self.page.locator("main [type=radio]").count():
                self.tab_to(re.escape(self.choice(0)))
                self.page.keyboard.press("Space")
                for _ in range(right[0]):
                    self.page.keyboard.press("ArrowDown")
            else:
                for place in sorted(right):
                    self.tab_to(re.escape(self.choice(place)))
                    self.page.keyboard.press("Space")
            self.go("Save and continue")

    def choice(self, place: int) -> str:
        """Return the words of a choice."""
        words: str = self.page.locator("main .choice label").nth(place).inner_text()
        return " ".join(words.split())


def sign_up(keys: Keys) -> User:
    """Make an account and confirm its address."""
    keys.go("Keep my place")
    keys.type("email", "keys@example.org")
    keys.type("password1", PASSWORD)
    keys.tab_to("adult", what="field")
    keys.page.keyboard.press("Space")
    keys.go("Create an account")
    found = CODE.search(str(mail.outbox[-1].body))
    assert found is not None
    keys.type("code", found.group())
    keys.send()
    return User.objects.get(email="keys@example.org")


def miss_an_answer(keys: Keys) -> None:
    """Send a question without an answer: the summary has the focus, its link leads to the choice."""
    keys.go("Save and continue")
    keys.page.locator(".error-summary:focus").wait_for()
    keys.tab_to("Choose")
    keys.page.keyboard.press("Enter")
    keys.page.locator("main .choice input").first.wait_for()
    assert keys.page.evaluate("document.activeElement.name") == "choice"
    keys.page.keyboard.press("Shift+Tab")


def learn(keys: Keys, person: User) -> None:
    """Read a lesson, pass a quiz; what repeats these is done without a browser."""
    course = find_course("foundation", "en")
    keys.go("Continue")
    quizzes = [step for step in course.outline.steps if step.kind == QUIZ]
    for step in course.outline.steps[1:]:
        if step.kind == LESSON:
            take(person, course, step)
    keys.page.goto(course.entry(quizzes[0]).url)
    keys.go("Start the quiz")
    keys.type("name", "Learner Keys")
    keys.go("Save and go on")
    person.refresh_from_db()
    take(person, course, quizzes[0])
    keys.page.goto(course.entry(quizzes[1]).url)
    keys.go("Start the quiz")
    miss_an_answer(keys)
    keys.answer(Attempt.objects.get(sitting__person=person, submitted_at=None))
    keys.go("Submit my answers")
    keys.go("Continue|Back to the course")


def verify(keys: Keys, certificate: Certificate) -> None:
    """Open the certificate, and check it as somebody else would."""
    keys.page.goto("/en/learning/certificates/")
    keys.go("Foundation")
    keys.page.goto("/verify/?lang=en")
    keys.type("code", certificate.code)
    keys.go("Check$")
    assert keys.page.locator("h1").inner_text() == "Valid certificate"


# A2, A7, A8, A10
def test_journey_by_keyboard(curriculum: None, page: Page) -> None:
    page.set_viewport_size({"width": SMALLEST, "height": 568})
    keys = Keys(page)
    page.goto("/en/courses/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    keys.look()
    keys.go("Foundation")
    keys.go("Begin reading")

    person = sign_up(keys)
    learn(keys, person)
    verify(keys, Certificate.objects.get(person=person))

    assert keys.faults == []
