"""Run our commands as processes of their own, on the test's database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests import databases


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run `manage.py <arguments>` and kill it at the end if it still runs."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tutela.settings.test",
        "TEST_DATABASE_URL": databases.url(),
        **variables,
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_until(true: Callable[[], bool], *, seconds: float = 30) -> bool:
    """Look ten times a second and return whether it became true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


def is_gone(pid: int) -> bool:
    """Tell whether a process has died; one that nobody has buried yet is dead too."""
    try:
        return " Z " in Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return True
