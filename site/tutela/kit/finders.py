"""Finds the stylesheet, which no folder holds as one file: it is joined from its parts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from .stylesheet import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAME = "kit/css/tutela.css"


class StylesheetFinder(BaseFinder):
    """Offers the joined stylesheet to the development server, to tests and to `collectstatic`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(settings.VAR / "joined")
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        """Find nothing to complain about: there is nothing to set."""
        return []

    def find(self, path: str, find_all: bool = False) -> str | list[str]:  # type: ignore[override]  # noqa: FBT001, FBT002  (Django's own)
        """Return where the stylesheet lies, joined anew if a part has changed."""
        if path != NAME:
            return []
        self._join()
        place = self.storage.path(NAME)
        return [place] if find_all else place

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield the stylesheet."""
        self._join()
        yield NAME, self.storage

    def _join(self) -> None:
        """Write the file in one step, and only where it differs: several processes share it."""
        text = joined()
        place = Path(self.storage.path(NAME))
        if place.exists() and place.read_text(encoding="utf-8") == text:
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(f".{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(place)
