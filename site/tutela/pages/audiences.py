"""Where the pages of the sectors stand, for lists of them."""

from __future__ import annotations

from django.core.cache import caches

from courses.sectors import Sector
from courses.sources import address, source_pages

from .models import SectorPage


def sector_links(language: str) -> list[tuple[str, str, str]]:
    """Return code, name and address of each sector that has a page, in the order of Decision 15/06.

    One query the first time, none while the page cache holds the addresses.
    """
    key = f"sectors:{language}"
    found: dict[str, str] | None = caches["pages"].get(key)
    if found is None:
        sources = SectorPage.objects.filter(pk__in=source_pages().values("pk"), live=True)
        paths = sources.order_by("pk").values_list("sector", "url_path")
        found = {code: address(path, language=language) for code, path in paths}
        caches["pages"].set(key, found)
    return [
        (sector.value, str(sector.label), found[sector]) for sector in Sector if sector in found
    ]
