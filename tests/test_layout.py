"""`site/` must never become a package: the standard library owns that name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ["tutela", "quizzes", "courses", "certificates", "organisations"]
LOOK = f"import site, django, {', '.join(PACKAGES)}; print(site.__file__)"


def test_site_is_a_plain_folder() -> None:
    assert not (ROOT / "site" / "__init__.py").exists()


@pytest.mark.parametrize("flags", [[], ["-X", "frozen_modules=off"]])
def test_site_is_the_standard_library(flags: list[str]) -> None:
    seen = subprocess.run(
        [sys.executable, *flags, "-c", LOOK],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(seen.stdout.strip()) == Path(os.__file__).with_name("site.py")


def test_no_package_has_a_name_of_the_standard_library() -> None:
    packages = {found.parent.name for found in ROOT.glob("*/__init__.py")}
    packages |= {found.parent.name for found in ROOT.glob("site/*/__init__.py")}
    assert packages == {*PACKAGES, "bench", "campaign", "tests"}
    assert packages & sys.stdlib_module_names == set()


def test_git_keeps_the_site_folder() -> None:
    kept = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert not {"site", "site/", "/site", "/site/"} & set(kept)


def test_every_test_folder_is_a_package() -> None:
    """Pytest would put tests/ on the path, and `courses` would be the folder of its tests."""
    folders = {file.parent for file in ROOT.glob("tests/**/*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []
