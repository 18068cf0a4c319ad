"""Programs of an instance as an operator starts them: `manage.py start` and `manage.py worker`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tutela.work.health import answers

from .stage import free_port, wait_until

if TYPE_CHECKING:
    from .stage import Stage

ROOT = Path(__file__).resolve().parents[1]


class Started:
    """One `manage.py` command that goes on until it is told to end."""

    def __init__(self, stage: Stage, *command: str, port: int = 0) -> None:
        self.stage, self.command, self.port = stage, command, port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; a web server answers when this returns."""
        with self.stage.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", *self.command],
                cwd=ROOT, env={**os.environ, "PORT": str(self.port)}, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        if self.command[0] == "start" and not wait_until(
            lambda: answers("127.0.0.1", self.port), seconds=60
        ):
            raise AssertionError(f"It does not start: {self.stage.tail()}")

    def end(self) -> int:
        """Tell it to end, as a machine does that is shut down, and return its exit status."""
        assert self.process
        self.process.terminate()
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        """`kill -9` it and all that it started."""
        if self.process and self.process.poll() is None:
            for child in children_of(self.process.pid):
                signal_quietly(child)
            signal_quietly(self.process.pid)
            self.process.wait()


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    try:
        words = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    return [one for word in words for one in (int(word), *children_of(int(word)))]


def signal_quietly(pid: int) -> None:
    """Kill a process that may have gone."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
