"""Taking a backup while people write: whole, or not there at all."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tutela.accounts.models import Event, log_event

from . import databases, keys, manifests, media
from .manifests import MEDIA, Kept, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

MADE = "backup.made"
INSTANCE = "instance"


class BackupError(RuntimeError):
    """There is no backup, for a reason that the operator can mend."""


@dataclass(frozen=True)
class Backup:
    """A whole backup: its folder, what it says of itself, and where the sealed keys went."""

    folder: Path
    manifest: Manifest
    keys: Path | None = None


def take_backup(folder: Path, *, at: datetime, keys_folder: Path | None = None) -> Backup:
    """Write the database, then the media, into a new folder below this one.

    In this order every file that a row names is there. The folder gets its name when it is complete
    and on the disk, so that half a backup is never taken for a whole one.
    """
    if keys_folder and _share_a_place(folder, keys_folder):
        raise BackupError("Keys belong in another place than the backup that they could open.")
    with _private():
        sealed = keys.write(keys_folder) if keys_folder else None
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            backup = _take(folder, at=at)
    said = backup.manifest
    log_event(MADE, subject=INSTANCE, at=at, files=len(said.files), bytes=said.size)
    return replace(backup, keys=sealed)


def _take(folder: Path, *, at: datetime) -> Backup:
    target = folder / f"{at.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}"
    if target.exists():
        raise BackupError(f"{target} is there already.")
    draft = folder / f".{target.name}.unfinished"
    draft.mkdir()
    try:
        manifest = _fill(draft, last=newest(folder), at=at)
        os.sync()
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Backup(target, manifest)


def _media_of(last: Path | None) -> dict[str, Kept]:
    """Return what the last backup holds of the media: nothing to build upon if it is damaged."""
    try:
        return manifests.read(last).media if last else {}
    except manifests.ManifestError:
        return {}


def _fill(draft: Path, *, last: Path | None, at: datetime) -> Manifest:
    rows = databases.dump(draft)
    name = databases.FILES[connection.vendor]
    place = draft / name
    known = _media_of(last)
    files = media.back_up(draft / MEDIA, last=last / MEDIA if last else None, known=known)
    manifest = Manifest(
        made_at=at.isoformat(),
        version=version("tutela"),
        vendor=connection.vendor,
        database=name,
        migrations=sorted(
            ".".join(key) for key in MigrationRecorder(connection).applied_migrations()
        ),
        rows=rows,
        files={
            name: Kept(place.stat().st_size, manifests.sum_of(place)),
            **{f"{MEDIA}/{path}": kept for path, kept in files.items()},
        },
        keys=keys.fingerprints(),
    )
    manifests.write(manifest, draft)
    return manifest


def _share_a_place(one: Path, other: Path) -> bool:
    first, second = one.resolve(), other.resolve()
    return first.is_relative_to(second) or second.is_relative_to(first)


@contextmanager
def _private() -> Iterator[None]:
    """Let nobody else on this machine read what is written meanwhile."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep every other backup out of this folder, and clear away what one that was killed has left."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"Another backup is being written to {folder}.") from error
        for rest in folder.glob(".*.unfinished"):
            shutil.rmtree(rest)
        yield


def backups_in(folder: Path) -> list[Path]:
    """Return the whole backups of a folder, the oldest first."""
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and (path / manifests.NAME).is_file()
    )


def newest(folder: Path) -> Path | None:
    """Return the newest whole backup of a folder."""
    found = backups_in(folder)
    return found[-1] if found else None


def keep_last(folder: Path, *, count: int) -> list[Path]:
    """Remove all backups but the newest ones, and return which."""
    old = backups_in(folder)[:-count]
    for path in old:
        # Under this name it is none, and goes with the next backup should removing it be interrupted.
        shutil.rmtree(path.rename(folder / f".{path.name}.unfinished"))
    return old


def age_of_last_backup(*, at: datetime) -> timedelta | None:
    """Return how long ago the last backup of this instance was taken; None if there was none."""
    made = Event.objects.filter(subject=INSTANCE, kind=MADE).order_by("-at").first()
    return at - made.at if made else None
