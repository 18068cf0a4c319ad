"""What killing the web server and killing the database have in common: the way under the kills."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .learner import Learner

if TYPE_CHECKING:
    from .browser import Answer
    from .learner import Step
    from .stage import Stage

PLACES = ("before", "inside", "after")


class Killing:
    """Takes learners through everything; `press` sends each form, and kills under it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.kills: Counter[tuple[str, str]] = Counter()
        self.seen: set[str] = set()
        self.number = 0

    def press(self, learner: Learner, step: Step) -> Answer:
        """Send a step's form under each kill, and at last as a learner does."""
        raise NotImplementedError

    def journeys(self, times: int) -> None:
        """Take so many learners through everything, one after the other."""
        self.stage.start_web()
        self.stage.start_worker()
        for _ in range(times):
            self.number, self.seen = self.number + 1, set()
            learner = Learner(self.stage)
            learner.walk(self.press)
            self.stage.check("journey", learner, certified=True)
            self.stage.verify("journey", learner)
