"""Where the pages of the sectors stand, for lists of them."""

from __future__ import annotations

from django.core.cache import caches

from courses.sectors import Sector
from courses.sources import address

from .models import SectorPage


def sector_links(language: str) -> list[tuple[str, str, str]]:
    """Return code, name and address of each sector that has a page, in the order of Decision 15/06.

    One query the first time, none while the page cache holds the addresses.
    """
    key = f"sectors:{language}"
    found: dict[str, str] | None = caches["pages"].get(key)
    if found is None:
        found = {code: address(path, language=language) for code, path in _paths().items()}
        caches["pages"].set(key, found)
    return [
        (sector.value, str(sector.label), found[sector]) for sector in Sector if sector in found
    ]


def _paths() -> dict[str, str]:
    """Return the tree path of each sector's source: of all its languages' pages the oldest."""
    rows = SectorPage.objects.filter(alias_of=None).order_by("pk")
    oldest: dict[object, tuple[str, str, bool]] = {}
    for key, *row in rows.values_list("translation_key", "sector", "url_path", "live"):
        oldest.setdefault(key, (row[0], row[1], row[2]))
    return {sector: path for sector, path, live in oldest.values() if live}
