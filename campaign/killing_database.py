"""`kill -9` of the whole database server before, inside and after the transaction of every step."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from . import oracle
from .cluster import Cluster
from .failpoints import HEADER
from .killing import PLACES, Killing
from .learner import CONFIRM, KINDS, NAME, SIGN_UP, Learner, Step, patiently
from .report import Result

if TYPE_CHECKING:
    from .browser import Answer
    from .stage import Stage

HONEST = 503
IN_SEVERAL = {SIGN_UP, CONFIRM, NAME}


class KillingDatabase(Killing):
    """Kills the server under each kind of step, starts it, and sends the step again."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.cluster = Cluster(Path(os.environ["CAMPAIGN_CLUSTER"]))
        self.answers: Counter[tuple[str, str]] = Counter()
        self.slowest = 0.0
        self.ended = threading.Event()
        self.watcher = threading.Thread(target=self.keep_up, daemon=True)
        self.watcher.start()

    def press(self, learner: Learner, step: Step) -> Answer:
        """Kill the server at each point of this step's form."""
        if step.kind not in self.seen:
            self.seen.add(step.kind)
            for place in PLACES:
                if not self.kill(learner, step, place):
                    break
            self.stage.check(f"{step.kind}, database killed", learner)
        return patiently(learner, step)

    def kill(self, learner: Learner, step: Step, place: str) -> bool:
        """Return whether the step is still to be done; look at the answer and at what is stored."""
        point = f"inside:{self.number} database" if place == "inside" else f"{place} database"
        before, first = oracle.is_stored(learner, step), self.first_process()
        answer = learner.press(step, **{HEADER: point})
        self.stage.pause(0.4)  # a process that was killed takes a moment to be gone
        oracle.forget_connection()
        if self.is_up() and self.first_process() == first:  # there was no such point
            return not answer.acknowledged
        self.kills[step.kind, place] += 1
        self.judge(step, point, answer)
        self.wait(point)
        stored = oracle.is_stored(learner, step)
        if step.kind not in IN_SEVERAL and stored != (before or place == "after"):
            self.stage.note(f"{step.kind}, killed {point}: stored is {stored}")
        return not answer.acknowledged

    def judge(self, step: Step, point: str, answer: Answer) -> None:
        """Note an answer that is neither an honest 503 with the form kept nor a success."""
        if answer.status == HONEST:
            self.answers[step.kind, "503"] += 1
            kept = step.fields.get("choice") or []
            if any(f'value="{place}"' not in answer.body for place in kept):
                self.stage.note(f"{step.kind}, database killed {point}: the 503 lost the answer")
        elif answer.acknowledged:
            self.answers[step.kind, "done"] += 1
        else:
            self.stage.note(f"{step.kind}, database killed {point}: answered {answer.status}")

    def keep_up(self) -> None:
        """Start the server again when it died, as whoever runs it does."""
        while not self.ended.wait(0.05):
            if not self.is_up():
                self.cluster.start()

    def first_process(self) -> str:
        """Return the number of the server's first process, empty while there is none."""
        try:
            return (self.cluster.folder / "data" / "postmaster.pid").read_text().split()[0]
        except (FileNotFoundError, IndexError):
            return ""

    def is_up(self) -> bool:
        """Return whether the server runs."""
        try:
            return " Z " not in Path(f"/proc/{self.first_process() or 0}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False

    def wait(self, point: str) -> None:
        """Wait until pages are served again, and note the longest time."""
        began = time.monotonic()
        oracle.forget_connection()
        while not (self.is_up() and oracle.is_reached() and self.serves()):
            if time.monotonic() - began > 30:
                self.stage.note(f"killed {point}: half a minute later the site still fails")
                return
            time.sleep(0.02)
        self.slowest = max(self.slowest, time.monotonic() - began)

    def serves(self) -> bool:
        """Return whether a page that needs the database is served."""
        return Learner(self.stage).browser.get("/accounts/login/").status == 200


def run(stage: Stage, times: int) -> Result:
    """Kill so many times at each point of each step."""
    killing = KillingDatabase(stage)
    killing.journeys(times)
    killing.ended.set()
    killing.watcher.join()
    stage.read_log()
    rows = [
        [
            kind,
            *(str(killing.kills[kind, place]) for place in PLACES),
            *(str(killing.answers[kind, answer]) for answer in ("503", "done")),
        ]
        for kind in KINDS
    ]
    rows.append([f"served again after {killing.slowest:.1f} s at most", *[""] * 5])
    return Result(["database killed at", *PLACES, "answered 503, form kept", "done before"], rows)
