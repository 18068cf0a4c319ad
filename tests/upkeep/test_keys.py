"""The keys of an instance are written sealed, and recognised without being told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from tutela.upkeep import keys
from tutela.upkeep.keys import PassphraseMissingError
from tutela.upkeep.sealing import unseal

from .instance import PASSPHRASE


def test_keys_are_opened_as_they_were_set(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_PASSPHRASE = PASSPHRASE
    settings.SECRET_KEY_FALLBACKS = ["one", "two"]
    file = keys.write(tmp_path / "keys")

    assert unseal(file.read_bytes(), PASSPHRASE) == {
        "SECRET_KEY": settings.SECRET_KEY,
        "SECRET_KEY_FALLBACKS": "one,two",
    }
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [file.name]


def test_the_same_keys_have_one_file_and_others_another(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_PASSPHRASE = PASSPHRASE
    first, again = keys.write(tmp_path), keys.write(tmp_path)
    settings.SECRET_KEY = "another key for tests, of no value to anybody"

    assert first == again
    assert keys.write(tmp_path) != first


def test_without_a_passphrase_nothing_is_written(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_PASSPHRASE = ""

    with pytest.raises(PassphraseMissingError):
        keys.write(tmp_path / "keys")
    assert not (tmp_path / "keys").exists()


def test_a_fingerprint_tells_nothing(settings: Settings) -> None:
    (mark,) = keys.fingerprints().values()

    assert len(mark) == 16
    assert mark not in settings.SECRET_KEY
