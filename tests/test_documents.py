"""What the documents promise: links that lead somewhere, variables that exist, commands that are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.ROOT
DOCUMENTS = sorted(
    path
    for folder in (ROOT, *(ROOT / name for name in ("docs", "courses", "bench")))
    for path in (folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
)
READS = re.compile(
    r'(?:env\.)?\b(?:text|flag|number|choice|words|secrets|zone|secret|database|caches|media)\(\s*"([A-Z][A-Z0-9_]*)"'
)
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]*)` \|", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
# A folder of somebody's own machine; `/var/lib/…` and `/run/…` are an operator's.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp)/")


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_table_names_every_variable() -> None:
    sources = (ROOT / "site" / "tutela" / "settings").glob("*.py")
    read = {name for path in sources for name in READS.findall(path.read_text(encoding="utf-8"))}
    table = ROW.findall((ROOT / "docs" / "operators.md").read_text(encoding="utf-8"))

    assert table == sorted(read)


@pytest.mark.parametrize(
    ("name", "most"),
    [("README.md", 100), ("docs/architecture.md", 200), ("docs/trainers.md", 120)],
)
def test_document_stays_short(name: str, most: int) -> None:
    assert len(lines_of(ROOT / name)) <= most


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_somewhere(path: Path) -> None:
    links = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if ":" not in link]

    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_document_names_no_machine(path: Path) -> None:
    assert [line for line in lines_of(path) if MACHINE_PATH.search(line)] == []


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_readme_names_the_two_commands(command: str) -> None:
    assert command in lines_of(ROOT / "README.md")


def test_every_decision_stands_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))

    assert listed == sorted(path.name for path in folder.glob("0*.md"))


def test_licences_are_whole() -> None:
    code, texts = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("LICENSE", "LICENSE-CONTENT")
    )

    assert [int(number) for number in re.findall(r"(?m)^(\d+)\. ", code)] == list(range(1, 16))
    assert "‘Compatible Licences’ according to Article 5 EUPL are:" in code
    assert [int(number) for number in re.findall(r"(?m)^Section (\d) --", texts)] == list(
        range(1, 9)
    )
