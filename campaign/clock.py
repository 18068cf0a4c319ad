"""The clock of the machine jumps between any two steps, forwards and backwards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .learner import Learner, Step, patiently
from .report import Result

if TYPE_CHECKING:
    from .browser import Answer
    from .stage import Stage

JUMPS = ("+1h", "-1h", "+1d", "-1d", "+40d", "-40d", "+0")


class Jumping:
    """Sets the clock anew before each step."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.file = Path(os.environ["FAKETIME_TIMESTAMP_FILE"])
        self.jumps = 0

    def press(self, learner: Learner, step: Step) -> Answer:
        """Jump, and press."""
        if step.kind not in {"sign up", "confirm", "answer"}:  # a code ends after minutes, by right
            self.jumps += 1
            self.set(JUMPS[self.jumps % len(JUMPS)])
        answer = patiently(learner, step)
        self.set("+0")
        return answer

    def set(self, jump: str) -> None:
        """Change the clock at one stroke: whoever reads half a line ends."""
        new = self.file.with_suffix(".new")
        new.write_text(jump, encoding="ascii")
        new.rename(self.file)


def run(stage: Stage, times: int) -> Result:
    """Take learners through the journey while the clock jumps."""
    if "LD_PRELOAD" not in os.environ:
        return Result([], [], skipped="skipped: libfaketime is not installed")
    stage.start_web()
    stage.start_worker()
    jumping = Jumping(stage)
    for number in range(max(2, times // 4)):
        jumping.jumps = number
        learner = Learner(stage)
        learner.walk(jumping.press)
        stage.check("clock jumps", learner, certified=True, recorded=False)
    stage.read_log()
    rows = [["journeys", str(max(2, times // 4))], ["jumps", ", ".join(JUMPS)]]
    return Result(["the clock jumps before each form", ""], rows)
