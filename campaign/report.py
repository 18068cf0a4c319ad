"""Results as tables, written into docs/measured.md."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "measured.md"
KEPT = ROOT / "var" / "campaign"
TITLE = "## Campaign"


@dataclass
class Result:
    """What one family did and found."""

    head: list[str]
    rows: list[list[str]]
    broken: list[str] = field(default_factory=list)
    skipped: str = ""
    checks: int = 0
    name: str = ""
    times: int = 0
    day: str = ""
    commit: str = ""
    seconds: float = 0

    def write(self, file: Path) -> None:
        """Hand the result over to whoever started this."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")


def read(file: Path) -> Result:
    """Return a result that was written."""
    return Result(**json.loads(file.read_text(encoding="utf-8")))


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def file_of(name: str) -> Path:
    """Return where a family's last result is kept, so that families can be run one by one."""
    return KEPT / f"{re.sub('[^a-z0-9]+', '-', name.lower())}.json"


def remember(result: Result, *, times: int) -> None:
    """Keep the result as the family's last."""
    described = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    result.times, result.commit = times, described.stdout.strip()
    result.day = f"{datetime.now(tz=UTC):%Y-%m-%d}"
    KEPT.mkdir(parents=True, exist_ok=True)
    result.write(file_of(result.name))


def section(results: list[Result]) -> str:
    """Return the chapter of the document."""
    head = [
        "family",
        "day, commit",
        "--times",
        "seconds",
        "checks of all records",
        "promises broken",
    ]
    lines = [
        [
            *(one.name, f"{one.day}, {one.commit}", str(one.times), f"{one.seconds:.0f}"),
            *(str(one.checks), one.skipped or str(len(one.broken))),
        ]
        for one in results
    ]
    intro = (
        "The last result of each family of `make campaign`. What each does, and what an instance "
        "does not survive: [operating/faults.md](operating/faults.md)."
    )
    parts = [TITLE, intro, table(head, lines)]
    parts += [f"### {one.name}\n\n{table(one.head, one.rows)}" for one in results if one.rows]
    return "\n\n".join(parts) + "\n"


def keep(text: str) -> None:
    """Put the chapter into the document, in place of the last one."""
    document = DOCUMENT.read_text(encoding="utf-8")
    found = re.search(rf"^{TITLE}$.*?(?=^## |\Z)", document, re.MULTILINE | re.DOTALL)
    if found:
        document = document[: found.start()] + text + "\n" + document[found.end() :]
    else:
        document = document.rstrip() + "\n\n" + text
    DOCUMENT.write_text(document.rstrip() + "\n", encoding="utf-8")
