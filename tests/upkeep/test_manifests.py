"""What a backup says of itself is believed only where it holds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tutela.upkeep import manifests
from tutela.upkeep.manifests import Kept, Manifest, ManifestError

WHOLE = Manifest(
    made_at="2026-11-24T22:00:00+00:00",
    version="0.1.0",
    vendor="sqlite",
    database="database.sqlite3",
    migrations=["courses.0001_first"],
    rows={"courses_completion": 3},
    files={
        "database.sqlite3": Kept(
            4, "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589"
        ),
        "media/a.txt": Kept(4, "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589"),
    },
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a backup whose files are what its manifest says."""
    (tmp_path / "media").mkdir()
    for path in WHOLE.files:
        (tmp_path / path).write_text("abcd", encoding="ascii")
    manifests.write(WHOLE, tmp_path)
    return tmp_path


def test_what_was_written_is_read(folder: Path) -> None:
    assert manifests.read(folder) == WHOLE
    assert list(manifests.faults(WHOLE, folder)) == []
    assert (WHOLE.size, list(WHOLE.media)) == (8, ["a.txt"])


@pytest.mark.parametrize("text", ["abc", "abce", "abcde"])
def test_a_changed_file_is_found(folder: Path, text: str) -> None:
    (folder / "media/a.txt").write_text(text, encoding="ascii")

    assert list(manifests.faults(WHOLE, folder)) == ["media/a.txt is not what was backed up"]


def test_a_missing_file_is_found(folder: Path) -> None:
    (folder / "database.sqlite3").unlink()

    assert list(manifests.faults(WHOLE, folder)) == ["database.sqlite3 is missing"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be understood"),
        ("[]", "cannot be understood"),
        ('{"format": 1, "files": {}}', "cannot be understood"),
        ('{"format": 2}', "does not know"),
    ],
)
def test_a_strange_manifest_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / manifests.NAME).write_text(text, encoding="utf-8")

    with pytest.raises(ManifestError, match=words):
        manifests.read(tmp_path)


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "media/../../secret"])
def test_a_file_outside_is_refused(folder: Path, path: str) -> None:
    manifests.write(replace(WHOLE, files={path: Kept(4, "")}), folder)

    with pytest.raises(ManifestError, match="outside of the backup"):
        manifests.read(folder)


def test_no_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="is no backup"):
        manifests.read(tmp_path)


def test_a_manifest_is_plain_json(folder: Path) -> None:
    assert json.loads((folder / manifests.NAME).read_text(encoding="utf-8"))["format"] == 1
