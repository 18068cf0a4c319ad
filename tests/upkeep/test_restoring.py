"""A backup is put only where it belongs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from certificates.api import withdraw_certificates
from tests.certificates.rows import holder_of, make_certificate, make_person
from tutela.upkeep import databases, keys, manifests
from tutela.upkeep.backing_up import take_backup
from tutela.upkeep.manifests import Manifest
from tutela.upkeep.restoring import (
    RestoreError,
    compare_rows,
    find_backup,
    lost_keys,
    numbers,
    refusals,
    verify_sample,
)

from .instance import AT, upload

HERE = Manifest(
    made_at="",
    version="0.1.0",
    vendor=connection.vendor,
    database="",
    migrations=["courses.0001_first"],
    rows={},
    files={},
)
OTHER = "postgresql" if connection.vendor == "sqlite" else "sqlite"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "The database is not empty"),
        ({"version": "999.0"}, "newer than this one"),
        ({"migrations": ["courses.9999_future"]}, "newer than this one"),
        ({"vendor": OTHER}, f"The backup is of {OTHER}"),
    ],
)
def test_what_does_not_belong_here_is_refused(change: dict[str, Any], words: str) -> None:
    assert words in " ".join(refusals(replace(HERE, **change)))


@pytest.mark.django_db
@pytest.mark.parametrize("migration", ["courses.0000_squashed_long_ago", "no_longer.0001_initial"])
def test_what_this_version_has_left_behind_makes_no_backup_newer(migration: str) -> None:
    assert "newer" not in " ".join(refusals(replace(HERE, migrations=[migration])))


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_not_even_a_folder_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "none" / "t.sqlite3"))

    assert list(refusals(HERE)) == []


@pytest.mark.django_db
def test_uploads_are_never_mixed() -> None:
    upload()

    assert list(refusals(HERE))[-1].startswith("There are uploaded files already")


@pytest.mark.parametrize(
    ("older", "newer"), [("0.1.0", "0.2"), ("0.9", "0.10"), ("1.0", "1.0.1"), ("1.2", "2.0")]
)
def test_versions_are_compared_as_numbers(older: str, newer: str) -> None:
    assert numbers(older) < numbers(newer)


def test_a_folder_without_a_backup_is_said_so(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(RestoreError, match="no whole backup"):
            find_backup(folder)


@pytest.mark.django_db(transaction=True)
def test_the_newest_is_found(tmp_path: Path) -> None:
    newest = take_backup(tmp_path, at=AT).folder

    assert (find_backup(tmp_path), find_backup(newest)) == (newest, newest)


@pytest.mark.django_db(transaction=True)
def test_the_live_database_is_refused_untouched(tmp_path: Path) -> None:
    take_backup(tmp_path, at=AT)
    before = databases.count_rows(databases.tables())

    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", str(tmp_path))
    assert databases.count_rows(databases.tables()) == before


@pytest.mark.django_db
def test_a_row_that_is_missing_is_told() -> None:
    with pytest.raises(RestoreError, match="accounts_user has 0 rows instead of 1"):
        compare_rows(replace(HERE, rows={"accounts_user": 1, "accounts_event": 0}))


def test_another_key_is_told(settings: Settings) -> None:
    manifest = replace(HERE, keys=keys.fingerprints())
    assert lost_keys(manifest) == []

    settings.SECRET_KEY = "another key for tests, of no value to anybody"
    assert lost_keys(manifest) == ["SECRET_KEY"]


@pytest.mark.django_db
def test_a_sample_is_looked_up_and_drawn() -> None:
    assert verify_sample(3, on=AT.date()) == 0

    make_certificate()
    gone = make_certificate(make_person("gone@example.org"))
    withdraw_certificates(holder_of(gone), at=AT)

    assert verify_sample(40, on=AT.date()) == 2


def test_a_damaged_backup_names_its_file(tmp_path: Path) -> None:
    manifests.write(replace(HERE, files={"gone": manifests.Kept(1, "")}), tmp_path)

    assert list(manifests.faults(manifests.read(tmp_path), tmp_path)) == ["gone is missing"]
