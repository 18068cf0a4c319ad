"""Uploaded files, by way of their storage: a folder or a bucket, it makes no difference."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.base import File
from django.core.files.storage import default_storage

from .manifests import Kept, copy

if TYPE_CHECKING:
    from collections.abc import Iterator

    type Files = dict[str, Kept]


def every_name(folder: str = "") -> Iterator[str]:
    """Yield the name of every file of the storage."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever uploaded
        return
    for file in sorted(files):
        yield f"{folder}{file}"
    for name in sorted(filter(None, folders)):
        yield from every_name(f"{folder}{name}/")


def back_up(target: Path, *, last: Path | None, known: Files) -> Files:
    """Copy every file below `target`, and return them by name.

    What has not changed since the last backup is the same file as there (a hard link): it costs no room.
    What somebody deletes meanwhile is left out.
    """
    kept = {}
    for name in every_name():
        with suppress(FileNotFoundError):
            kept[name] = _back_up(name, target / name, last=last, known=known.get(name))
    return kept


def _back_up(name: str, place: Path, *, last: Path | None, known: Kept | None) -> Kept:
    place.parent.mkdir(parents=True, exist_ok=True)
    changed = default_storage.get_modified_time(name).isoformat()
    if last and known and (known.changed, known.size) == (changed, default_storage.size(name)):
        with suppress(OSError):  # a file system without links, or a last backup that lost a file
            place.hardlink_to(last / name)
            return known
    with default_storage.open(name) as source, place.open("wb") as file:
        new = copy(source.chunks(), file)
    return Kept(new.size, new.sum, changed)


def put_back(source: Path, files: Files) -> None:
    """Save every file under the name that the rows know."""
    for name in files:
        with (source / name).open("rb") as file:
            saved = default_storage.save(name, File(file))
        if saved != name:
            raise FileExistsError(f"{name} was there already.")
