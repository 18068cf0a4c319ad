"""The countries that can have helplines: the OSCE's participating States and its partners.

Names come from the Unicode CLDR, so that no translator of ours has to write 68 of them. Two wider
places stand beside the countries, under their numbers of the United Nations: Europe and the world.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from babel import Locale, UnknownLocaleError

EUROPE, WORLD = "150", "001"
WIDER = (EUROPE, WORLD)
# The 57 participating States.
PARTICIPATING = [
    "AD",
    "AL",
    "AM",
    "AT",
    "AZ",
    "BA",
    "BE",
    "BG",
    "BY",
    "CA",
    "CH",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GB",
    "GE",
    "GR",
    "HR",
    "HU",
    "IE",
    "IS",
    "IT",
    "KG",
    "KZ",
    "LI",
    "LT",
    "LU",
    "LV",
    "MC",
    "MD",
    "ME",
    "MK",
    "MN",
    "MT",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "RS",
    "RU",
    "SE",
    "SI",
    "SK",
    "SM",
    "TJ",
    "TM",
    "TR",
    "UA",
    "US",
    "UZ",
    "VA",
]
# The Mediterranean and the Asian partners for co-operation.
PARTNERS = ["AF", "AU", "DZ", "EG", "IL", "JO", "JP", "KR", "MA", "TH", "TN"]
COUNTRIES = (*PARTICIPATING, *PARTNERS)
# Where the numbers of Europe are not even reserved.
_BEYOND_EUROPE = {"CA", "KG", "KZ", "MN", "TJ", "TM", "US", "UZ", *PARTNERS}


def reach(country: str) -> list[str]:
    """Return the places whose helplines concern a country, the nearest first."""
    return [country, WORLD] if country in _BEYOND_EUROPE else [country, EUROPE, WORLD]


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def name_of(place: str, *, language: str) -> str:
    """Return the name of a country, of Europe or of the world in a language."""
    return str(_locale(language).territories.get(place, place))


def named(*, language: str) -> list[tuple[str, str]]:
    """Return every country with its name, in the order of the names."""
    names = [(code, name_of(code, language=language)) for code in COUNTRIES]
    return sorted(names, key=lambda pair: _order(pair[1]))


def language_names(codes: str, *, language: str) -> list[str]:
    """Return the names of languages that are given as codes with commas."""
    known = _locale(language).languages
    found = (code.strip() for code in codes.split(","))
    return [str(known.get(code.replace("-", "_"), code)) for code in found if code]


def _order(name: str) -> str:
    """Return what a name is sorted by: its letters without accents."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
