"""A small instance to back up: a certificate, and an uploaded file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from certificates.models import Certificate
from tests.certificates.rows import make_certificate, make_person

AT = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
PASSPHRASE = "a pass phrase of the operator"


def upload(name: str = "documents/procedure.txt", text: str = "Call first.") -> str:
    """Store a file as an editor's upload is stored, and return its name."""
    return default_storage.save(name, ContentFile(text.encode()))


def make_instance() -> Certificate:
    """Make what a backup must bring back."""
    upload()
    return make_certificate(make_person(name="José Müller-Weiß"))


def modes(folder: Path) -> set[tuple[bool, int]]:
    """Return who may read what lies in a folder: pairs of being a folder and its mode."""
    return {(path.is_dir(), path.stat().st_mode & 0o777) for path in (folder, *folder.rglob("*"))}
