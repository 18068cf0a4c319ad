"""Every form of the journey pressed twice, and by many at once, in the same browser and in another."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from .browser import Answer, Browser
from .learner import CONFIRM, KINDS, SIGN_UP, Learner, Step, patiently
from .report import Result

if TYPE_CHECKING:
    from .stage import Stage

AT_ONCE = 6


class Pressing:
    """Sends each form by six connections at once, and once more afterwards."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.sent: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def press(self, learner: Learner, step: Step) -> Answer:
        """Press together, then again; each answer must be a success or an honest refusal."""
        if step.kind in {
            SIGN_UP,
            CONFIRM,
        }:  # limited: whoever signs up six times a second is told so
            return patiently(learner, step)
        own = learner.browser
        browsers = [
            Browser(own.port, address=own.address, cookies=dict(own.cookies))
            for _ in range(AT_ONCE)
        ]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda one: one.post(step.path, step.fields), browsers))
        answers.append(patiently(learner, step))
        for answer in answers:
            self.sent[step.kind] += 1
            if answer.status == 503:
                self.refused[step.kind] += 1
            elif not answer.acknowledged:
                self.stage.note(f"{step.kind}, pressed {AT_ONCE} times: answered {answer.status}")
        return answers[-1]

    def journey(self) -> None:
        """Take one learner through everything."""
        learner = Learner(self.stage)
        learner.walk(self.press)
        self.stage.check("pressed at once", learner, certified=True)
        self.stage.verify("pressed at once", learner)


def run(stage: Stage, times: int) -> Result:
    """Take so many learners through the journey, each form pressed seven times."""
    stage.start_web()
    stage.start_worker()
    pressing = Pressing(stage)
    for _ in range(max(2, times // 2)):
        pressing.journey()
    stage.read_log()
    rows = [[kind, str(pressing.sent[kind]), str(pressing.refused[kind])] for kind in KINDS[2:]]
    return Result(["form pressed at once", "times", "answered 503"], rows)
