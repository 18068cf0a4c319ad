"""A backup is whole or not there, whoever writes meanwhile and whatever fails."""

from __future__ import annotations

import fcntl
import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from certificates.models import Certificate
from tests.people import make_person
from tutela.accounts.models import Event, log_event
from tutela.upkeep import databases, manifests
from tutela.upkeep.backing_up import (
    BackupError,
    age_of_last_backup,
    backups_in,
    keep_last,
    take_backup,
)

from .instance import AT, PASSPHRASE, make_instance, modes, upload

pytestmark = pytest.mark.django_db(transaction=True)


class FullStorage(FileSystemStorage):
    """A storage that fails when it is read."""

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        raise OSError(28, "No space left on device")


def test_a_backup_holds_what_its_manifest_says(tmp_path: Path, media: Path) -> None:
    certificate = make_instance()
    backup = take_backup(tmp_path / "backups", at=AT)
    manifest = manifests.read(backup.folder)

    assert backup.folder.name == "2026-11-24T22-00-00Z"
    assert manifest == backup.manifest
    assert list(manifests.faults(manifest, backup.folder)) == []
    assert manifest.rows["certificates_certificate"] == 1
    assert list(manifest.media) == ["documents/procedure.txt"]
    assert certificate.completion.enrolment.pk
    assert "certificates.0001_first" in manifest.migrations


def test_nobody_else_may_read_it(tmp_path: Path, settings: Settings) -> None:
    settings.BACKUP_PASSPHRASE = PASSPHRASE
    make_instance()
    take_backup(tmp_path / "backups", at=AT, keys_folder=tmp_path / "keys")

    assert modes(tmp_path / "backups") == {(True, 0o700), (False, 0o600)}
    assert modes(tmp_path / "keys") == {(True, 0o700), (False, 0o600)}


def test_the_log_knows_when_it_was_taken(tmp_path: Path) -> None:
    assert age_of_last_backup(at=AT) is None

    take_backup(tmp_path, at=AT)
    take_backup(tmp_path, at=AT + timedelta(days=1))

    assert age_of_last_backup(at=AT + timedelta(days=3)) == timedelta(days=2)
    assert Event.objects.filter(kind="backup.made").count() == 2


def test_people_write_meanwhile(tmp_path: Path) -> None:
    """Each writer's transaction is wholly in the backup or wholly not, and none has to wait long."""
    make_instance()
    ended, slowest = threading.Event(), [0.0]

    def write() -> None:
        while not ended.is_set():
            began = time.monotonic()
            log_event("test.write", subject="writer", at=timezone.now())
            slowest[0] = max(slowest[0], time.monotonic() - began)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        manifest = take_backup(tmp_path, at=AT).manifest
    finally:
        ended.set()
        writer.join()

    assert manifest.rows["accounts_event"] < Event.objects.count()
    assert slowest[0] < 5


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_the_database_is_one_sound_file(tmp_path: Path) -> None:
    make_instance()
    backup = take_backup(tmp_path, at=AT)

    with closing(sqlite3.connect(backup.folder / "database.sqlite3")) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        codes = copy.execute("SELECT code FROM certificates_certificate").fetchall()
    assert codes == list(Certificate.objects.values_list("code"))


def test_what_fails_leaves_nothing_behind(tmp_path: Path, settings: Settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "tests.upkeep.test_backing_up.FullStorage"},
    }
    with pytest.raises(OSError, match="No space left"):
        take_backup(tmp_path, at=AT)

    assert [path.name for path in tmp_path.iterdir() if path.name != "media"] == [".lock"]
    assert age_of_last_backup(at=AT) is None


def test_what_a_killed_backup_left_is_no_backup_and_goes(tmp_path: Path) -> None:
    left = tmp_path / ".2026-11-23T22-00-00Z.unfinished"
    left.mkdir()
    (left / manifests.NAME).write_text("{}", encoding="utf-8")
    assert backups_in(tmp_path) == []

    backup = take_backup(tmp_path, at=AT)

    assert (backups_in(tmp_path), left.exists()) == ([backup.folder], False)


def test_two_at_once_are_one_too_many(tmp_path: Path) -> None:
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BackupError, match="Another backup is being written"):
            take_backup(tmp_path, at=AT)


def test_an_unchanged_upload_costs_no_room(tmp_path: Path) -> None:
    upload("same.txt")
    upload("changed.txt", "before")
    first = take_backup(tmp_path / "backups", at=AT).folder
    time.sleep(0.01)
    with default_storage.open("changed.txt", "w") as file:
        file.write("AFTER!")
    second = take_backup(tmp_path / "backups", at=AT + timedelta(days=1)).folder

    assert (first / "media/same.txt").samefile(second / "media/same.txt")
    assert (first / "media/changed.txt").read_text(encoding="utf-8") == "before"
    assert (second / "media/changed.txt").read_text(encoding="utf-8") == "AFTER!"
    assert list(manifests.faults(manifests.read(second), second)) == []


def test_a_damaged_manifest_stops_no_later_backup(tmp_path: Path) -> None:
    upload("documents/procedure.txt", "First, call.")
    first = take_backup(tmp_path, at=AT)
    (first.folder / manifests.NAME).write_text("{", encoding="utf-8")

    later = take_backup(tmp_path, at=AT + timedelta(days=1))

    assert list(manifests.faults(later.manifest, later.folder)) == []
    assert list(later.manifest.media) == ["documents/procedure.txt"]


def test_the_oldest_go(tmp_path: Path) -> None:
    upload()
    taken = [take_backup(tmp_path / "b", at=AT + timedelta(days=day)).folder for day in range(3)]

    assert keep_last(tmp_path / "b", count=2) == taken[:1]
    assert backups_in(tmp_path / "b") == taken[1:]
    assert list(manifests.faults(manifests.read(taken[1]), taken[1])) == []


def test_a_removal_that_was_interrupted_ends_with_the_next_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise InterruptedError

    first, second = (take_backup(tmp_path, at=AT + timedelta(days=day)).folder for day in (0, 1))
    with monkeypatch.context() as patched:
        patched.setattr("tutela.upkeep.backing_up.shutil.rmtree", refuse)
        with pytest.raises(InterruptedError):
            keep_last(tmp_path, count=1)
    assert backups_in(tmp_path) == [second]

    third = take_backup(tmp_path, at=AT + timedelta(days=2)).folder

    folders = {path for path in tmp_path.iterdir() if (path / manifests.NAME).exists()}
    assert (folders, first.exists()) == ({second, third}, False)


def test_keys_lie_apart(tmp_path: Path, settings: Settings) -> None:
    settings.BACKUP_PASSPHRASE = PASSPHRASE
    backup = take_backup(tmp_path / "backups", at=AT, keys_folder=tmp_path / "keys")

    assert backup.keys is not None
    assert backup.keys.parent == tmp_path / "keys"
    assert list(backup.manifest.keys) == ["SECRET_KEY"]
    texts = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(settings.SECRET_KEY.encode() in text for text in texts)


@pytest.mark.parametrize("place", ["backups", "backups/keys", "."])
def test_keys_never_lie_with_the_backup(tmp_path: Path, place: str) -> None:
    with pytest.raises(BackupError, match="another place"):
        take_backup(tmp_path / "backups", at=AT, keys_folder=tmp_path / place)

    assert not (tmp_path / "backups").exists()


def test_a_person_more_is_counted(tmp_path: Path) -> None:
    before = take_backup(tmp_path, at=AT).manifest.rows
    make_person("learner")
    after = take_backup(tmp_path, at=AT + timedelta(seconds=1)).manifest.rows

    assert after["accounts_user"] - before["accounts_user"] == 1
    assert set(after) == set(databases.tables())
