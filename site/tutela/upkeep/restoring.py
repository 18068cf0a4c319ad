"""Putting a backup into an empty instance, and seeing whether it is all there."""

from __future__ import annotations

import random
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import connection
from django.db.models import Max, Min

from certificates.api import State, draw_certificate, find_certificate, shown_language
from certificates.models import Certificate
from tutela.accounts.models import log_event
from tutela.work.schema import is_newer

from . import databases, keys, manifests, media
from .backing_up import INSTANCE, newest
from .manifests import MEDIA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from pathlib import Path

    from .manifests import Manifest

RESTORED = "backup.restored"


class RestoreError(RuntimeError):
    """The backup cannot be put here, or is not all there."""


@dataclass(frozen=True)
class Step:
    """A part of restoring, under the name that the operator reads."""

    title: str
    act: Callable[[], object]


def find_backup(folder: Path) -> Path:
    """Return the folder itself if it is a backup, else the newest one in it."""
    if (folder / manifests.NAME).is_file():
        return folder
    found = newest(folder) if folder.is_dir() else None
    if found is None:
        raise RestoreError(f"There is no whole backup in {folder}.")
    return found


def refusals(manifest: Manifest) -> Iterator[str]:
    """Yield why this backup must not be put into this instance."""
    applied = {
        (app, name) for app, _dot, name in (key.partition(".") for key in manifest.migrations)
    }
    if numbers(manifest.version) > numbers(version("tutela")) or is_newer(applied):
        yield (
            f"The backup is of version {manifest.version}, which is newer than this one "
            f"({version('tutela')}): install that version first."
        )
    if manifest.vendor != connection.vendor:
        yield f"The backup is of {manifest.vendor}, and DATABASE_URL names {connection.vendor}."
    elif not databases.is_empty():
        yield "The database is not empty: restore into a new one, or remove the old one yourself."
    if next(media.every_name(), None) is not None:
        yield "There are uploaded files already: restore where there are none."


def numbers(said: str) -> list[int]:
    """Return a version as numbers that can be compared; what follows a letter does not count."""
    return [int(part) for part in said.split(".") if part.isdecimal()]


def steps(folder: Path, manifest: Manifest, *, at: datetime) -> list[Step]:
    """Return what restoring does, in order."""
    return [
        Step("Putting the database back", lambda: databases.load(folder / manifest.database)),
        Step("Counting the rows", lambda: compare_rows(manifest)),
        Step("Putting the media back", lambda: media.put_back(folder / MEDIA, manifest.media)),
        Step("Migrating", lambda: call_command("migrate", interactive=False, verbosity=0)),
        Step("Indexing for the search", lambda: call_command("update_index", verbosity=0)),
        Step("Noting it in the log", lambda: _note(manifest, at=at)),
    ]


def _note(manifest: Manifest, *, at: datetime) -> None:
    log_event(RESTORED, subject=INSTANCE, at=at, made_at=manifest.made_at)


def compare_rows(manifest: Manifest) -> None:
    """Refuse a database that does not have as many rows as the backup says."""
    here = databases.count_rows(list(manifest.rows))
    wrong = [
        f"{table} has {here[table]} rows instead of {rows}"
        for table, rows in manifest.rows.items()
        if here[table] != rows
    ]
    if wrong:
        raise RestoreError("; ".join(wrong) + ".")


def lost_keys(manifest: Manifest) -> list[str]:
    """Return the keys of the backup's instance that this one does not have."""
    here = keys.fingerprints()
    return [name for name, mark in manifest.keys.items() if here.get(name) != mark]


def verify_sample(size: int, *, on: date) -> int:
    """Look some certificates up and draw them, chosen at random; return how many were looked at."""
    codes = {code for _ in range(size) if (code := _any_code())}
    for code in codes:
        finding = find_certificate(code, on=on)
        if finding is None:
            raise RestoreError("A certificate is not found by its code.")
        if finding.state != State.WITHDRAWN:
            certificate = finding.certificate
            draw_certificate(certificate, language=shown_language(certificate, []))
    return len(codes)


def _any_code() -> str | None:
    """Return some certificate's code, in two short questions however many there are."""
    ends = Certificate.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["last"] is None:
        return None
    start = random.randint(ends["first"], ends["last"])  # noqa: S311  (a sample, no secret)
    codes = Certificate.objects.filter(pk__gte=start).order_by("pk").values_list("code", flat=True)
    return codes.first()
