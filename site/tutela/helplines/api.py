"""The door of this room."""

from __future__ import annotations

from .countries import COUNTRIES
from .finding import help_in
from .starting import load_helplines

__all__ = ["COUNTRIES", "help_in", "load_helplines"]
