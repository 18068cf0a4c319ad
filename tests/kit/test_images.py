"""Pictures are served; what stands beside them is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("images/a.png", 200),
        ("images/b.png", 404),
        ("documents/a.pdf", 404),
        ("images/../documents/a.pdf", 400),
        ("images/%2e%2e/documents/a.pdf", 400),
    ],
)
def test_only_pictures_are_served(
    db: None, settings: Settings, tmp_path: Path, path: str, status: int
) -> None:
    settings.MEDIA_ROOT = tmp_path
    for folder, name in (("images", "a.png"), ("documents", "a.pdf")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(b"content")

    answer = Client(headers={"host": "localhost"}).get(f"/media/{path}")

    assert answer.status_code == status
    answer.close()
