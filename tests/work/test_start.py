"""One program: it opens, keeps its parts up, and ends them all."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.work.processes import free_port, running, wait_until
from tutela.work.health import answers


def children_of(pid: int) -> list[int]:
    """Return the direct children of a process."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_opens_and_ends_with_all_its_children(number: signal.Signals) -> None:
    port = free_port()
    with running("start", PORT=str(port)) as start:
        assert wait_until(lambda: answers("127.0.0.1", port, path="/readyz"))
        family = [start.pid, *children_of(start.pid)]
        family += [grandchild for child in family[1:] for grandchild in children_of(child)]
        start.send_signal(number)
        said, _ = start.communicate(timeout=5)
    assert len(family) >= 4
    assert [pid for pid in family if lives(pid)] == []
    assert said.splitlines() == [
        f"Tutela is open at http://localhost:{port} (Ctrl-C ends it).",
        "Tutela has ended.",
    ]
    assert start.returncode == 0


@pytest.mark.django_db(transaction=True)
def test_killed_web_server_is_started_again() -> None:
    port = free_port()
    with running("start", "--web-only", PORT=str(port)) as start:
        assert wait_until(lambda: answers("127.0.0.1", port))
        [web] = children_of(start.pid)
        os.kill(web, signal.SIGKILL)
        assert wait_until(lambda: children_of(start.pid) not in ([], [web]))
        assert wait_until(lambda: answers("127.0.0.1", port))
        start.terminate()
        _, said = start.communicate(timeout=10)
    assert said == "The web server ended (status -9) and is started again.\n"


def test_taken_port_gets_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running("start", PORT=str(port)) as start:
            _, said = start.communicate(timeout=30)
    assert said == (
        f"CommandError: Port {port} is taken: end the program that uses it, "
        f"or choose another with PORT={port + 1}.\n"
    )
    assert start.returncode == 1


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PORT", "eight", "PORT must be a whole number, not 'eight'.\n"),
        ("HOST", "no.such.host.invalid", "set HOST and PORT to what this machine has.\n"),
    ],
)
def test_bad_address_gets_one_sentence(variable: str, value: str, sentence: str) -> None:
    with running("start", **{variable: value}) as start:
        _, said = start.communicate(timeout=30)
    assert said.endswith(sentence)
    assert said.count("\n") == 1
    assert start.returncode == 1
