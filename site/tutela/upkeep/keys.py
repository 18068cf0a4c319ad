"""Which keys an instance holds that no database has, and how a backup recognises them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings

from . import sealing

if TYPE_CHECKING:
    from pathlib import Path

# The names of settings, as operators set them. A key that is new to Tutela is added here, and then is
# in every backup and found again by every restore.
NAMES = ("SECRET_KEY", "SECRET_KEY_FALLBACKS")


class PassphraseMissingError(RuntimeError):
    """Keys are never written without a passphrase."""


def held() -> dict[str, str]:
    """Return the keys that are set, each as its variable holds it."""
    found = {name: getattr(settings, name, "") for name in NAMES}
    return {
        name: value if isinstance(value, str) else ",".join(value)
        for name, value in found.items()
        if value
    }


def fingerprints() -> dict[str, str]:
    """Return what recognises each key and tells nothing of it: keys are long and random."""
    return {
        name: hashlib.sha256(f"tutela {name} {value}".encode()).hexdigest()[:16]
        for name, value in held().items()
    }


def write(folder: Path) -> Path:
    """Seal the present keys into a file of this folder, which is named after them, and return it."""
    if not settings.BACKUP_PASSPHRASE:
        raise PassphraseMissingError(
            "Keys are only written sealed: set BACKUP_PASSPHRASE_FILE, or leave out --keys."
        )
    sealed = sealing.seal(held(), settings.BACKUP_PASSPHRASE)
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256("".join(fingerprints().values()).encode()).hexdigest()[:16]
    place, draft = folder / f"{name}.keys", folder / f".{name}.unfinished"
    draft.write_bytes(sealed)
    draft.replace(place)
    return place
