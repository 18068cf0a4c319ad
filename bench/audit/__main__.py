"""Serve a demonstration from a temporary folder, and look at every page kind in every language."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Prepare, serve, look, and write the table; what was made is thrown away."""
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="Lighthouse's looks, 0: none")
    parser.add_argument("--only", default="", help="only page kinds whose name holds this")
    parser.add_argument("--languages", nargs="+", help="only these")
    parser.add_argument("--pictures", action="store_true", help="take screenshots instead")
    options = parser.parse_args()
    # So that whoever ends this ends the server, too, and leaves no folder behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="tutela-audit-") as name:
        folder = Path(name)
        prepare(folder, free_port())
        from django.conf import settings

        from bench.audit.pages import audit
        from bench.audit.pictures import picture
        from bench.audit.tools import ToolMissingError, find_chromium, install

        try:
            chromium = find_chromium() if options.pictures else install()
        except ToolMissingError as error:
            sys.exit(str(error))
        fill()
        with served():
            if options.pictures:
                picture(chromium=chromium, only=options.only)
            else:
                languages = options.languages or [code for code, _ in settings.LANGUAGES]
                audit(
                    folder,
                    chromium=chromium,
                    times=options.times,
                    only=options.only,
                    languages=languages,
                )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def prepare(folder: Path, port: int) -> None:
    """Set the environment up as `make run` does, on a folder and port of our own."""
    os.environ.update(
        TUTELA_VAR=str(folder / "var"),
        PORT=str(port),
        DJANGO_SETTINGS_MODULE="tutela.settings.demonstration",
        DJANGO_ALLOW_ASYNC_UNSAFE="1",  # Playwright's loop runs in this thread
    )
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]

    import django

    django.setup()


def fill() -> None:
    """Migrate, load the curriculum, and collect the static files."""
    from django.core.management import call_command

    from tutela.work.collecting import collect

    print("Preparing a demonstration", flush=True)
    call_command("migrate", verbosity=0)
    call_command("load_curriculum", verbosity=0)
    collect()


@contextmanager
def served() -> Iterator[None]:
    """Run the web server meanwhile."""
    from django.conf import settings

    command = [sys.executable, str(ROOT / "manage.py"), "start", "--web-only"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{settings.BASE_URL}/healthz").close()  # noqa: S310
                break
            except OSError:
                time.sleep(0.2)
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=30)


if __name__ == "__main__":
    main()
