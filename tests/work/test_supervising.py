"""Children are restarted when they die and ended together, whichever signal says so."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.work.processes import is_gone, wait_until
from tutela.work.supervising import Child, ChildLostError, Supervisor

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SLEEPER = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
STUBBORN = (
    "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
)


def run_until(true: Callable[[], bool], supervisor: Supervisor) -> None:
    """Run the children until it is true."""

    def look() -> None:
        if true():
            supervisor.ending.set()

    supervisor.run(each=look)


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    before = [signal.getsignal(number) for number in SIGNALS]
    yield
    for number, handler in zip(SIGNALS, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_signal_ends_every_child_before_its_grace_is_over(number: signal.Signals) -> None:
    children = [Child(name, lambda _: SLEEPER) for name in ("one", "two")]
    Supervisor(children, say=print).run(each=lambda: os.kill(os.getpid(), number))
    assert [child.status() for child in children] == [-signal.SIGTERM, -signal.SIGTERM]


def test_dead_child_is_started_again() -> None:
    said: list[str] = []
    commands = [SLEEPER, [sys.executable, "-S", "-c", "raise SystemExit(3)"]]
    child = Child("worker", lambda number: commands[number % 2])
    supervisor = Supervisor([child], say=said.append)
    run_until(lambda: len(child.starts) == 2, supervisor)
    assert said == ["The worker ended (status 3) and is started again."]


def test_child_that_never_lives_ends_everything() -> None:
    lost = Child("worker", lambda _: [sys.executable, "-S", "-c", "raise SystemExit(3)"])
    other = Child("web server", lambda _: SLEEPER)
    with pytest.raises(ChildLostError, match=r"The worker ended 4 times \(status 3\)"):
        Supervisor([other, lost], say=print).run(each=lambda: None)
    assert other.status() == -signal.SIGTERM


def test_child_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutela.work.supervising.GRACE_SECONDS", 0.5)
    deaf = tmp_path / "deaf"
    child = Child("worker", lambda _: [sys.executable, "-S", "-c", STUBBORN, str(deaf)])
    supervisor = Supervisor([child], say=print)
    run_until(deaf.exists, supervisor)
    assert child.status() == -signal.SIGKILL


def test_what_a_dead_child_left_behind_is_ended(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = (
        "import os, subprocess, sys; "
        f"left = subprocess.Popen({SLEEPER!r}); "
        f"open({str(note)!r}, 'w').write(str(left.pid)); os.kill(os.getpid(), 9)"
    )
    child = Child(
        "web server", lambda n: [sys.executable, "-S", "-c", script] if n == 1 else SLEEPER
    )
    supervisor = Supervisor([child], say=print)
    run_until(lambda: len(child.starts) == 2, supervisor)
    left = int(note.read_text(encoding="ascii"))
    # What was sent SIGKILL still runs until the kernel gets round to it.
    assert wait_until(lambda: is_gone(left))
