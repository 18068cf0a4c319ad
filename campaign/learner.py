"""A learner's whole journey over HTTP, and what the site acknowledged to her on the way."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from . import oracle
from .browser import Answer, Browser

if TYPE_CHECKING:
    from .stage import Stage

COURSE = "foundation"
PASSWORD = "a pass phrase for the campaign"  # noqa: S105 - of nobody
SIGN_UP, CONFIRM, NAME, ENROL = "sign up", "confirm", "name", "enrol"
LESSON, START, ANSWER, SUBMIT, COMPLETE = "lesson", "start", "answer", "submit", "complete"
KINDS = (SIGN_UP, CONFIRM, NAME, ENROL, LESSON, START, ANSWER, SUBMIT, COMPLETE)
WRONG = 422
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Step:
    """One form of the journey; `about` names what it changes."""

    kind: str
    path: str
    fields: dict[str, Any] = field(default_factory=dict)
    about: Any = None


type Press = Callable[["Learner", Step], Answer]


class LostWayError(AssertionError):
    """The site did not let the learner go on."""


class Learner:
    """One person with one browser; member of an organisation once she has an account."""

    def __init__(self, stage: Stage, name: str = "") -> None:
        number = next(_numbers)
        self.stage = stage
        self.name = name or f"learner-{number}"
        self.email = f"{self.name}@example.org"
        address = f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"
        self.browser = Browser(stage.port, address=address)
        self.acknowledged: list[Step] = []

    def press(self, step: Step, **headers: str) -> Answer:
        """Send the step's form, and note what was acknowledged."""
        answer = self.browser.post(step.path, step.fields, **headers)
        if answer.acknowledged:
            self.acknowledged.append(step)
        return answer

    def walk(self, press: Press, *, until: str = "") -> None:
        """Take the course from sign-up to certificate; `press` sends each form."""
        for step in self.steps():
            answer = press(self, step)
            for _ in range(3 if step.kind == CONFIRM else 0):
                if answer.status == WRONG:
                    # The code of a sign-up that was lost; a mail said that the account is there.
                    step = replace(step, fields={"code": self.another_code(step)})  # noqa: PLW2901
                    answer = press(self, step)
            if not answer.acknowledged:
                raise LostWayError(f"{step.kind}: {answer.status} at {step.path}")
            if step.kind == SIGN_UP:
                self.stage.make_member(self.email)
            if step.kind == START:
                self.attempt = oracle.open_attempt(self.email)
            if step.kind == until:
                return

    def steps(self) -> Any:
        """Yield each form when its turn has come."""
        yield Step(
            SIGN_UP,
            "/accounts/signup/",
            {"email": self.email, "password1": PASSWORD, "adult": "on"},
        )
        yield Step(CONFIRM, "/accounts/confirm-email/", {"code": self.code()})
        yield Step(NAME, "/en/learning/certificates/name/", {"name": f"Person {self.name}"})
        yield Step(ENROL, f"/en/learning/{COURSE}/enrol/")
        *first, last = oracle.steps_of(COURSE)
        for part in first:
            yield from self.part(part, SUBMIT)
        yield from self.part(last, COMPLETE)

    def part(self, part: Any, submit: str) -> Any:
        """Yield the forms of a lesson or of a quiz."""
        if part.kind == "lesson":
            yield Step(LESSON, f"/en/learning/{COURSE}/lessons/{part.key}/", about=part.key)
            return
        yield Step(START, f"/en/learning/{COURSE}/quizzes/{part.key}/", about=part.key)
        base = f"/en/learning/attempts/{self.attempt}"
        for position, keys, places in oracle.right_answers(self.attempt):
            about = (self.attempt, position, keys)
            yield Step(ANSWER, f"{base}/{position}/", {"choice": places}, about)
        yield Step(submit, f"{base}/submit/", about=self.attempt)

    def code(self) -> str:
        """Return the code that came by mail; who got none signs in, and is sent another."""
        self.stage.wait_for_mail(self.email, seconds=20)
        if code := self.stage.newest_code(self.email):
            return code
        self.sign_in()
        if code := self.stage.mailed_code(self.email, seconds=10):
            return code
        raise LostWayError(f"no code came to {self.email}")

    def another_code(self, step: Step) -> str:
        """Sign in, and return the code that is mailed then."""
        self.sign_in()
        return self.stage.mailed_code(self.email, seconds=10, but=step.fields["code"])

    def sign_in(self) -> Answer:
        """Sign in on a browser that knows nothing of what was before."""
        self.browser.cookies.clear()
        fields = {"login": self.email, "password": PASSWORD}
        return self.browser.post("/accounts/login/", fields)


def plainly(learner: Learner, step: Step) -> Answer:
    """Send a step's form once, as if nothing could happen."""
    return learner.press(step)


def patiently(learner: Learner, step: Step, *, tries: int = 60) -> Answer:
    """Send a step's form until it is acknowledged, as a learner does who was told to try again."""
    answer = learner.press(step)
    while not answer.acknowledged and tries:
        if answer.asks_to_sign_in:
            signed_in = learner.sign_in()
            if step.kind == CONFIRM:  # done, though nobody could tell her
                return signed_in
        elif answer.status not in {0, 502, 503, 504}:
            return answer
        learner.stage.pause(0.1)
        answer, tries = learner.press(step), tries - 1
    return answer
