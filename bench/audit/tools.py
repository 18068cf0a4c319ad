"""The checkers that come from npm, kept in `var/audit`; and what each of them says of pages."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests import browser as browsers

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_ONCE = 2
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "audit"
MODULES = FOLDER / "node_modules"
# Lighthouse 13 needs Node 22.19; 12 runs on every Node that is still looked after.
PACKAGES = ("lighthouse@12.8.2", "vnu-jar@26.9.27")
NEEDED = {
    "npm": "Lighthouse needs Node.js 20 or newer with npm: install them (nodejs.org) and try again.",
    "java": "The Nu HTML checker needs Java 11 or newer: install it (Debian: apt-get install "
    "default-jre-headless) and try again.",
}


class ToolMissingError(RuntimeError):
    """Something that this machine must have is not there; the message is the cure."""


def install() -> str:
    """Install the checkers unless they are there, and return the path of a Chromium."""
    for program, cure in NEEDED.items():
        if shutil.which(program) is None:
            raise ToolMissingError(cure)
    chromium = find_chromium()
    stamp = FOLDER / "packages.txt"
    wanted = "\n".join(PACKAGES)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-fund", "--no-audit", "--no-save", "--prefix", FOLDER]
        subprocess.run([*command, *PACKAGES], check=True)  # noqa: S603
        stamp.write_text(wanted, encoding="utf-8")
    return chromium


def find_chromium() -> str:
    """Return the path of a Chromium; raise the cure where there is none."""
    chromium = browsers.find_chromium()
    if chromium is None:
        raise ToolMissingError(browsers.CURE)
    return chromium


def nu_errors(pages: dict[str, bytes], folder: Path) -> Counter[str]:
    """Return how many errors the Nu HTML checker finds on each page, and print them."""
    folder.mkdir()
    files = {}
    for number, (name, html) in enumerate(pages.items()):
        files[folder / f"{number:03}.html"] = name
        (folder / f"{number:03}.html").write_bytes(html)
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", jar, "--format", "json", "--exit-zero-always", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    found: Counter[str] = Counter()
    for message in json.loads(done.stderr)["messages"]:
        if message["type"] != "info":
            name = files[Path(message["url"].removeprefix("file:"))]
            found[name] += 1
            print(f"Nu, {name}: {message['message']} {message.get('extract', '')!r}")
    return found


def lighthouse(
    pages: list[dict[str, Any]], *, chromium: str, times: int
) -> Iterator[dict[str, Any]]:
    """Yield the median scores of every page; what they are, and what cost points, is printed at once.

    Most of a look is waiting, so two programs at a time take little from each other.
    """
    shares = [pages[number::AT_ONCE] for number in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for found in pool.map(partial(_look, chromium=chromium, times=times), shares):
            yield from found


def _look(pages: list[dict[str, Any]], *, chromium: str, times: int) -> list[dict[str, Any]]:
    script = Path(__file__).with_name("lighthouse.mjs")
    command = ["node", script, MODULES, chromium, str(times)]
    found = []
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(json.dumps(pages))
        running.stdin.close()
        for line in running.stdout:
            found.append(json.loads(line))
            said = ", ".join(found[-1]["lost"])
            print(
                f"{len(found)}/{len(pages)} {found[-1]['name']}: {found[-1]['medians']} {said}",
                flush=True,
            )
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, "lighthouse.mjs")
    return found
