"""`kill -9` of the web server before, inside and after the transaction of every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import oracle
from .failpoints import HEADER
from .killing import PLACES, Killing
from .learner import CONFIRM, KINDS, NAME, SIGN_UP, Learner, Step, patiently
from .report import Result

if TYPE_CHECKING:
    from .browser import Answer
    from .stage import Stage

# What allauth does, and a name, are transactions of one statement each: struck after each in turn.
SEVERAL = {SIGN_UP: 5, CONFIRM: 5, NAME: 1}


class KillingWeb(Killing):
    """Presses each kind of step once with every point, then as a learner does."""

    def press(self, learner: Learner, step: Step) -> Answer:
        """Let the server be killed under this step's form, and send it again."""
        if step.kind not in self.seen:
            self.seen.add(step.kind)
            for place in PLACES:
                alone = place == "inside" and step.kind in {CONFIRM, NAME}
                if not alone and not self.kill(learner, step, self.point(step, place)):
                    break
            self.stage.check(f"{step.kind}, killed", learner)
        return patiently(learner, step)

    def point(self, step: Step, place: str) -> str:
        """Return the point of this journey: another statement, or transaction, each time."""
        if step.kind not in SEVERAL or place == "inside":
            return f"inside:{self.number}" if place == "inside" else place
        number = self.number % SEVERAL[step.kind] + 1
        return "before" if place == "before" else f"after process {number}"

    def kill(self, learner: Learner, step: Step, point: str) -> bool:
        """Return whether the server was killed at that place, and what was done is whole."""
        place = point.partition(":")[0].partition(" ")[0]
        before = oracle.is_stored(learner, step)
        answer = learner.press(step, **{HEADER: point})
        if answer.status:  # a form without a transaction, or one that was done already
            return not answer.acknowledged
        self.kills[step.kind, place] += 1
        self.stage.restart_web()
        stored = oracle.is_stored(learner, step)
        if step.kind == SIGN_UP and stored != oracle.has_address(learner):
            self.stage.note(f"sign up, killed {point}: an account without an address")
        if step.kind not in SEVERAL and stored != (before or place == "after"):
            self.stage.note(f"{step.kind}, killed {point}: stored is {stored}")
        return True


def run(stage: Stage, times: int) -> Result:
    """Kill so many times at each point of each step."""
    killing = KillingWeb(stage)
    killing.journeys(times)
    stage.read_log()
    rows = [[kind, *(str(killing.kills[kind, place]) for place in PLACES)] for kind in KINDS]
    return Result(["web server killed at", *PLACES], rows)
