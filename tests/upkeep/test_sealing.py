"""Keys are sealed by a passphrase, and opened where nothing else works yet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tutela.upkeep.sealing import SealError, seal, unseal

from .instance import PASSPHRASE

SECRETS = {"SECRET_KEY": "k" * 50, "SECRET_KEY_FALLBACKS": "one,two"}


def test_only_the_passphrase_opens() -> None:
    sealed = seal(SECRETS, PASSPHRASE)

    assert unseal(sealed, PASSPHRASE) == SECRETS
    assert b"kkk" not in sealed
    with pytest.raises(SealError, match="does not open"):
        unseal(sealed, PASSPHRASE + "!")


def test_two_seals_of_the_same_differ() -> None:
    assert seal(SECRETS, PASSPHRASE) != seal(SECRETS, PASSPHRASE)


@pytest.mark.parametrize("file", [b"", b"[]", b"{}", b'{"salt": 1}'])
def test_what_is_no_file_of_keys_is_named_so(file: bytes) -> None:
    with pytest.raises(SealError, match="no file of keys"):
        unseal(file, PASSPHRASE)


def test_a_changed_file_does_not_open() -> None:
    sealed = seal(SECRETS, PASSPHRASE).decode()
    start = sealed.index('"sealed": "') + len('"sealed": "')
    other = "B" if sealed[start] == "A" else "A"

    with pytest.raises(SealError, match="does not open"):
        unseal(f"{sealed[:start]}{other}{sealed[start + 1 :]}".encode(), PASSPHRASE)


def test_a_short_passphrase_seals_nothing() -> None:
    with pytest.raises(SealError, match="at least 16 characters"):
        seal(SECRETS, "too short")


def test_keys_are_laid_out_on_a_machine_without_settings(tmp_path: Path) -> None:
    (tmp_path / "sealed").write_bytes(seal(SECRETS, PASSPHRASE))
    (tmp_path / "passphrase").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    program = [sys.executable, "-m", "tutela.upkeep.sealing", "sealed", "passphrase", "keys"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(settings.ROOT / "site")}
    done = subprocess.run(
        program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines() == [
        f"{name}_FILE={tmp_path / 'keys' / name}" for name in SECRETS
    ]
    assert (tmp_path / "keys" / "SECRET_KEY").read_text(encoding="utf-8") == f"{'k' * 50}\n"
    assert (tmp_path / "keys" / "SECRET_KEY").stat().st_mode & 0o777 == 0o600
