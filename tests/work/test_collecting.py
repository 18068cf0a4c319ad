"""Static files are collected when one of them changed, and not otherwise."""

from __future__ import annotations

from pathlib import Path

from pytest_django import Settings

from tutela.work.collecting import collect


def test_collects_once_until_something_changes(settings: Settings, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.css").write_text("a {}", encoding="ascii")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [files], tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    turns = [collect(), collect()]
    (files / "b.css").write_text("b {}", encoding="ascii")
    turns.append(collect())
    assert turns == [True, False, True]
    assert sorted(path.name for path in settings.STATIC_ROOT.glob("*.css")) == ["a.css", "b.css"]
