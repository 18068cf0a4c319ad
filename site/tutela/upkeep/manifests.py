"""What a backup says of itself: from which version, what it holds, and the sum of every file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = 1
NAME = "manifest.json"
MEDIA = "media"
CHUNK = 1 << 20


class ManifestError(ValueError):
    """There is no manifest, or none that can be believed."""


@dataclass(frozen=True)
class Kept:
    """A file of a backup; `changed` is when the original was last changed, as its storage says."""

    size: int
    sum: str
    changed: str = ""


@dataclass(frozen=True)
class Manifest:
    """A whole backup; `keys` are fingerprints, which tell nothing of the keys themselves."""

    made_at: str
    version: str
    vendor: str
    database: str
    migrations: list[str]
    rows: dict[str, int]
    files: dict[str, Kept]
    keys: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def media(self) -> dict[str, Kept]:
        """Return the files of the media by the names that their storage knows."""
        prefix = f"{MEDIA}/"
        return {
            path.removeprefix(prefix): kept
            for path, kept in self.files.items()
            if path.startswith(prefix)
        }

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(kept.size for kept in self.files.values())


def write(manifest: Manifest, folder: Path) -> None:
    """Write the manifest into the folder of its backup."""
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    (folder / NAME).write_text(f"{text}\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup, or say why there is none to be believed."""
    try:
        said = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise ManifestError(f"{folder} was written in a form that this version does not know.")
        files = {path: Kept(**kept) for path, kept in said.pop("files").items()}
        manifest = Manifest(files=files, **said)
    except FileNotFoundError as error:
        raise ManifestError(f"{folder} is no backup: it has no {NAME}.") from error
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ManifestError(f"{folder / NAME} cannot be understood.") from error
    if any(PurePosixPath(path).is_absolute() or ".." in path.split("/") for path in manifest.files):
        raise ManifestError(f"{folder / NAME} names a file outside of the backup.")
    return manifest


def faults(manifest: Manifest, folder: Path) -> Iterator[str]:
    """Yield a line for each file that is missing or is not what it was."""
    for path, kept in manifest.files.items():
        place = folder / path
        if not place.is_file():
            yield f"{path} is missing"
        elif place.stat().st_size != kept.size or sum_of(place) != kept.sum:
            yield f"{path} is not what was backed up"


def sum_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy(source: Iterator[bytes], target: BinaryIO) -> Kept:
    """Write chunks to a file and return what became of it."""
    sums, size = hashlib.sha256(), 0
    for chunk in source:
        target.write(chunk)
        sums.update(chunk)
        size += len(chunk)
    return Kept(size, sums.hexdigest())
