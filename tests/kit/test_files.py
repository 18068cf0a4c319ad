"""A disk that takes nothing more costs time, not pages; limits go on being counted."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tutela.kit.files import FilesCache, LimitsFiles
from tutela.kit.limits import count

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


def refuse(*args: object, **kwargs: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give a disk without a byte left."""
    monkeypatch.setattr("django.core.cache.backends.filebased.tempfile.mkstemp", refuse)
    return monkeypatch


def test_pages_are_not_kept_on_a_full_disk(tmp_path: Path, full: pytest.MonkeyPatch) -> None:
    cache = FilesCache(str(tmp_path), {})

    cache.set("page", "text")

    assert cache.get("page", "none") == "none"


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    cache = FilesCache(str(tmp_path), {})

    cache.set("page", "text")

    assert (cache.get("page"), cache.add("page", "other"), cache.add("new", 1)) == (
        "text",
        False,
        True,
    )


def test_limits_are_counted_on_a_full_disk(
    tmp_path: Path, full: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutela.kit.limits.cache", LimitsFiles(str(tmp_path), {}))

    assert [count("look-up", "192.0.2.1", at=AT) for _ in range(3)] == [1, 2, 3]


def test_a_lock_is_given_back_on_a_full_disk(tmp_path: Path, full: pytest.MonkeyPatch) -> None:
    cache = LimitsFiles(str(tmp_path), {})

    found = [cache.add("lock", 1), cache.add("lock", 1), cache.delete("lock"), cache.add("lock", 1)]

    assert found == [True, False, True, True]


def test_a_disk_with_room_again_is_believed(tmp_path: Path, full: pytest.MonkeyPatch) -> None:
    cache = LimitsFiles(str(tmp_path), {})
    cache.set("tries", 5)
    full.undo()

    cache.set("tries", 6)

    assert (cache.get("tries"), cache.meanwhile.get("tries")) == (6, None)


def test_the_log_names_no_file(
    tmp_path: Path, full: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    FilesCache(str(tmp_path), {}).set("page", "text")

    assert caplog.messages == ["The cache on the disk keeps nothing: No space left on device"]


def test_instances_without_valkey_use_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tutela.settings import environment

    monkeypatch.delenv("CACHE_URL", raising=False)
    kinds = {
        name: one["BACKEND"] for name, one in environment.caches("CACHE_URL", tmp_path).items()
    }

    assert kinds == {
        "default": "tutela.kit.files.LimitsFiles",
        "pages": "tutela.kit.files.FilesCache",
    }
