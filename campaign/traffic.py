"""Learners and readers who go on while something happens."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Self

from django.db import connection

from .browser import Browser
from .learner import Learner, LostWayError, Step, patiently

if TYPE_CHECKING:
    from .browser import Answer
    from .stage import Stage

READ = ("/en/", "/fr/courses/foundation/", "/verify/", "/accounts/login/")


class Traffic:
    """Counts what every request was answered."""

    def __init__(self, stage: Stage, *, learners: int = 2, readers: int = 1) -> None:
        self.stage = stage
        self.answers: Counter[int] = Counter()
        self.walked: list[Learner] = []
        self.ending = threading.Event()
        kinds = [self.learn] * learners + [self.read] * readers
        self.threads = [threading.Thread(target=kind) for kind in kinds]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join()

    @property
    def failed(self) -> int:
        """Return how many requests were answered by nobody, or by an error."""
        return sum(count for status, count in self.answers.items() if not status or status >= 500)

    @property
    def sent(self) -> int:
        """Return how many requests there were."""
        return sum(self.answers.values())

    def learn(self) -> None:
        """Walk one learner after the other through the course."""
        while not self.ending.is_set():
            learner = Learner(self.stage)
            self.stage.pause(0.1)
            self.walked.append(learner)
            try:
                learner.walk(self.press)
            except LostWayError as error:
                if not self.ending.is_set():
                    self.stage.note(str(error))
        connection.close()

    def press(self, learner: Learner, step: Step) -> Answer:
        """Press as a learner does, and count each answer."""
        if self.ending.is_set():
            raise LostWayError("it is over")
        real = learner.browser.ask

        def ask(*args: object, **kwargs: object) -> Answer:
            answer = real(*args, **kwargs)  # type: ignore[arg-type]
            self.answers[answer.status] += 1
            return answer

        learner.browser.ask = ask  # type: ignore[method-assign]
        try:
            return patiently(learner, step)
        finally:
            learner.browser.ask = real  # type: ignore[method-assign]

    def read(self) -> None:
        """Read public pages as a visitor without a session."""
        while not self.ending.is_set():
            for path in READ:
                self.answers[Browser(self.stage.port).get(path).status] += 1
            self.stage.pause(0.02)
