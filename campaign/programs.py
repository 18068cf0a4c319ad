"""The instance's programs as they are forked from one that has loaded everything already.

Only so can hundreds be killed and started in a minute. They are given the same arguments as by
`manage.py start`, whose own start is tried by other families.
"""

from __future__ import annotations

import multiprocessing
import os
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.urls import get_resolver  # noqa: E402

import tutela.wsgi  # noqa: E402, F401 - loaded once for all

from . import failpoints  # noqa: E402

get_resolver().url_patterns  # noqa: B018 - imports every view


def begin(log: str) -> None:
    """Stand alone, and write to the log."""
    os.setsid()
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    # Granian asks how to start its worker: so that what is loaded stays loaded.
    multiprocessing.set_start_method("fork", force=True)


def serve(port: int, log: str) -> None:
    """Be a web server with one worker."""
    from granian.cli import cli

    from tutela.work.management.commands.start import web_command

    begin(log)
    settings.PORT = port
    sys.argv = ["granian"]
    cli.main(args=web_command("127.0.0.1")[3:], standalone_mode=False)


def work(name: str, replaces: str, point: str, log: str, *, batch: bool) -> None:
    """Be a worker, which may be killed at a point."""
    from django.db import connection

    begin(log)
    failpoints.install()
    options = {"name": name, "replaces": replaces, "interval": 0.05, "batch": batch}
    failpoints.arm(point)
    with connection.execute_wrapper(failpoints.count):
        call_command("worker", **options)


def check(log: str) -> None:
    """Be `check_records`."""
    begin(log)
    call_command("check_records")
