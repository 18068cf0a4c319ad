"""Results as tables, written into docs/measured.md."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import table

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "measured.md"
TITLE = "## Campaign"
HEAD = [
    *("family", "day, commit", "--times", "seconds"),
    *("checks of all records", "promises broken"),
]


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


def sign(result: Result, *, name: str, times: int) -> None:
    """Write on a result which family it is of, when, how often and of which commit."""
    described = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    result.name, result.times, result.commit = name, times, described.stdout.strip()
    result.day = f"{datetime.now(tz=UTC):%Y-%m-%d}"


def line(one: Result) -> str:
    """Return a family's line of the table of all."""
    cells = [
        *(one.name, f"{one.day}, {one.commit}", str(one.times), f"{one.seconds:.0f}"),
        *(str(one.checks), one.skipped or str(len(one.broken))),
    ]
    return "| " + " | ".join(cells) + " |"


def section(results: list[Result], *, names: list[str], last: str) -> str:
    """Return the chapter: what ran now, and of the other families what the last chapter says."""
    summary, *chapters = last.split("\n### ")
    lines = {row.split(" | ")[0].strip("| "): row for row in summary.splitlines() if row[:1] == "|"}
    tables = {name: text.strip() for name, _, text in (one.partition("\n") for one in chapters)}
    for one in results:
        lines[one.name] = line(one)
        tables[one.name] = table(one.head, one.rows) if one.rows else ""
    intro = (
        "The last result of each family of `make campaign`. What each does, and what an instance "
        "does not survive: [operating/faults.md](operating/faults.md)."
    )
    known = "\n".join([table(HEAD, []), *(lines[name] for name in names if name in lines)])
    parts = [f"### {name}\n\n{tables[name]}" for name in names if tables.get(name)]
    return "\n\n".join([TITLE, intro, known, *parts]) + "\n"


def keep(results: list[Result], *, names: list[str]) -> None:
    """Put the results into the document, in place of the last ones of their families."""
    document = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = document.partition(f"{TITLE}\n")
    last, following, after = rest.partition("\n## ")
    text = section(results, names=names, last=last)
    DOCUMENT.write_text(
        f"{before.rstrip()}\n\n{text}{following}{after}".rstrip() + "\n", encoding="utf-8"
    )
