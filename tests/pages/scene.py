"""The site's texts, for tests that edit and load them."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from django.conf import settings

from tests.courses.scene import AT
from tutela.pages.frame import TEXTS, read_frame
from tutela.pages.opening import open_site

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = [code for code, _ in settings.LANGUAGES]


def copy_texts(folder: Path) -> Path:
    """Return a copy of the site's texts, to be edited."""
    return shutil.copytree(TEXTS, folder / "texts")


def load(texts: Path = TEXTS) -> list[str]:
    """Open the site with these texts, and return what was said of it."""
    said: list[str] = []
    open_site(read_frame(texts, languages=LANGUAGES), at=AT, say=said.append)
    return said


def retitle(file: Path, title: str) -> None:
    """Give a page another title in its file."""
    text = file.read_text(encoding="utf-8")
    changed, count = re.subn(r"^title: .*$", f"title: {title}", text, count=1, flags=re.MULTILINE)
    assert count == 1
    file.write_text(changed, encoding="utf-8")
