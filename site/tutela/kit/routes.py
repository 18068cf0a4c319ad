"""Which kind of address was asked for, as logs and metrics may say it.

By the beginning of the address and not by the view, so that a page from the cache, one that is not
there and one that failed are called alike. Whatever is not listed is a *page*: lessons, help pages,
the choice of a country and everything that is added one day cannot be told apart.
"""

from __future__ import annotations

PAGE = "page"
ROUTES = {
    "static": "file",
    "media": "file",
    "documents": "file",
    "cms": "cms",
    "accounts": "account",
    "verify": "verify",
    "healthz": "watch",
    "readyz": "watch",
    "metrics": "watch",
}
# Below the language of an address.
IN_A_LANGUAGE = {
    "organisations": "organisation",
    "learning/attempts": "quiz",
    "learning/certificates": "certificate",
}
NAMES = sorted({PAGE, *ROUTES.values(), *IN_A_LANGUAGE.values()})


def route_of(path: str) -> str:
    """Return the kind of an address: one of `NAMES`."""
    first, second, third, *_rest = (*path.split("/", 4)[1:], "", "", "")
    return (
        ROUTES.get(first)
        or IN_A_LANGUAGE.get(second)
        or IN_A_LANGUAGE.get(f"{second}/{third}")
        or PAGE
    )
