"""One program: it opens, keeps its parts up, and ends them all."""

from __future__ import annotations

import os
import signal
import socket
import subprocess

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.work.processes import free_port, is_gone, running, wait_until
from tutela.work.health import answers


def children_of(pid: int) -> list[int]:
    """Return the direct children of a process."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def family_of(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    return [pid, *(member for child in children_of(pid) for member in family_of(child))]


@pytest.mark.django_db(transaction=True)
def test_opens_survives_a_killed_web_server_and_ends_whole() -> None:
    port = free_port()
    with running("start", PORT=str(port), WEB_WORKERS="1") as start:
        assert wait_until(lambda: answers("127.0.0.1", port, path="/readyz"), seconds=60)
        web, _worker = children_of(start.pid)
        orphans = family_of(web)
        os.kill(web, signal.SIGKILL)
        assert wait_until(lambda: all(map(is_gone, orphans)))
        assert wait_until(lambda: answers("127.0.0.1", port), seconds=60)
        family = family_of(start.pid)
        start.send_signal(signal.SIGINT)
        said, complained = start.communicate(timeout=30)
    assert len(family) == 4
    assert wait_until(lambda: all(map(is_gone, family)))
    assert (start.returncode, said.splitlines()) == (
        0,
        [
            f"Tutela {settings.VERSION} is open at http://localhost:{port} (Ctrl-C ends it).",
            "Tutela has ended.",
        ],
    )
    assert complained == "The web server ended (status -9) and is started again.\n"


def test_taken_port_gets_one_sentence(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.PORT = taken.getsockname()[1]
        with pytest.raises(CommandError) as refusal:
            call_command("start")
    assert str(refusal.value) == (
        f"Port {settings.PORT} is taken: end the program that uses it, "
        f"or choose another with PORT={settings.PORT + 1}."
    )


@pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 8000), ("127.0.0.1", 99999)])
def test_bad_address_gets_one_sentence(settings: Settings, host: str, port: int) -> None:
    settings.HOST, settings.PORT = host, port
    with pytest.raises(CommandError, match="set HOST and PORT to what this machine has"):
        call_command("start")


def test_bad_setting_gets_one_sentence() -> None:
    with running("start", PORT="eight") as start:
        said = start.communicate(timeout=30)
    assert (start.returncode, said) == (1, ("", "PORT must be a whole number, not 'eight'.\n"))
