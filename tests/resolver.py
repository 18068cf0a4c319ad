"""Every address pattern that the site answers to, as its URL resolver knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

# `<int:pk>` in a path; what stands in the places of regular expressions has no such name.
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
EXPRESSION = re.compile(r"[\^(\\$]")


@dataclass(frozen=True)
class Pattern:
    """One line of a list of addresses: its whole route, and the namespaces it stands in."""

    route: str
    space: str
    name: str

    @property
    def places(self) -> list[str]:
        """Return the names of what the address holds."""
        return PLACE.findall(self.route)

    @property
    def is_expression(self) -> bool:
        """Return whether an address cannot be made by filling in the places."""
        return bool(EXPRESSION.search(self.route))

    def fill(self, names: dict[str, Any]) -> str:
        """Return an address with these names in its places."""
        return "/" + PLACE.sub(lambda found: str(names[found[1]]), self.route)


def every_pattern() -> list[Pattern]:
    """Return all patterns, in English and in the order in which they are tried."""
    with translation.override("en"):
        return list(_walk(get_resolver().url_patterns))


def _walk(
    patterns: list[URLPattern | URLResolver], route: str = "", space: str = ""
) -> Iterator[Pattern]:
    for found in patterns:
        whole = f"{route}{found.pattern}"
        if isinstance(found, URLPattern):
            yield Pattern(whole, space, found.name or "")
        else:
            inner = ":".join(filter(None, (space, found.namespace)))
            yield from _walk(found.url_patterns, whole, inner)
