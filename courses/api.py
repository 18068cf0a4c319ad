"""The door of this room."""

from __future__ import annotations

from .releasing import ReleaseError, release_course, release_language

__all__ = ["ReleaseError", "release_course", "release_language"]
