"""What the documents say of versions is what is kept."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version

from django.conf import settings

from tests.upgrades import linting, released

HEADING = re.compile(r"(?m)^## (\d+\.\d+\.\d+)\b")


def text(name: str) -> str:
    found: str = (settings.ROOT / name).read_text(encoding="utf-8")
    return found


def test_a_released_version_is_not_worked_on() -> None:
    """Else its migrations would not be judged: the version is raised right after a release."""
    changelog = text("CHANGELOG.md")
    out = [released.numbers(found) for found in HEADING.findall(changelog)]

    if "## Unreleased" in changelog:
        assert [found for found in out if found >= released.numbers(version("tutela"))] == []


def test_each_kept_release_has_its_notes() -> None:
    assert set(released.releases()) - set(HEADING.findall(text("UPGRADE.md"))) == set()


def test_each_release_is_kept() -> None:
    assert set(HEADING.findall(text("CHANGELOG.md"))) - set(released.releases()) == set()


def test_the_supported_version_is_the_present_one() -> None:
    major_and_minor = version("tutela").rpartition(".")[0]

    assert re.findall(r"(?m)^\| (\d+\.\d+) \|", text("UPGRADE.md"))[0] == major_and_minor


def test_the_notes_say_when_the_site_must_be_closed() -> None:
    steps = tomllib.loads(linting.EXCEPTIONS.read_text(encoding="utf-8")).get("step", [])
    notes = text("UPGRADE.md").partition(f"## {version('tutela')}")[2].partition("\n## ")[0]

    assert not any(step.get("closed") for step in steps) or "lose the site" in notes


def test_the_version_is_that_of_pyproject() -> None:
    assert tomllib.loads(text("pyproject.toml"))["project"]["version"] == settings.VERSION


def test_pages_that_another_version_cached_are_not_read() -> None:
    from tutela.settings import base

    assert base.CACHES["pages"]["KEY_PREFIX"] == f"pages:{settings.VERSION}"
