"""SIGTERM while requests run: `manage.py start` ends in order, and what was acknowledged is there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .report import Result
from .started import Started, children_of, signal_quietly
from .traffic import Traffic

if TYPE_CHECKING:
    from .stage import Stage

LONGEST_SECONDS = 15


def run(stage: Stage, times: int) -> Result:
    """End and start the instance again and again under learners; then kill parts of it."""
    rounds = max(1, times // 2)
    instance = Started(stage, "start", port=stage.port)
    slowest, killed = 0.0, 0
    instance.start()
    try:
        with Traffic(stage) as traffic:
            for _ in range(rounds):
                stage.pause(1.3)
                began = time.monotonic()
                if status := instance.end():
                    stage.note(f"`manage.py start` ended with {status}")
                slowest = max(slowest, time.monotonic() - began)
                instance.start()
            for _ in range(rounds):
                killed += kill_part(stage, instance, killed)
        stage.check("SIGTERM", *traffic.walked)
    finally:
        instance.kill()
    if slowest > LONGEST_SECONDS:
        stage.note(f"SIGTERM took {slowest:.0f} s")
    stage.read_log()
    return Result(
        ["an instance under two learners", ""],
        [
            ["ended by SIGTERM and started again", str(rounds)],
            ["slowest end, s", f"{slowest:.1f}"],
            ["part killed (web worker, web server, task worker, all)", str(killed)],
            ["requests", str(traffic.sent)],
            ["of these while nobody listened, or cut off", str(traffic.answers[0])],
            ["answered 5xx", str(traffic.failed - traffic.answers[0])],
        ],
    )


def kill_part(stage: Stage, instance: Started, number: int) -> int:
    """Kill one of the instance's processes at a moment that nobody chose."""
    stage.pause(0.7 + number % 5 / 7)
    assert instance.process
    if number % 4 == 3:
        instance.kill()
        instance.start()
        return 1
    processes = children_of(instance.process.pid)
    signal_quietly(processes[number % len(processes)])
    stage.pause(6)  # granian gives up where its workers end faster than that
    return 1
