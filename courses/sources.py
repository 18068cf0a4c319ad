"""Which pages are sources, and the addresses that their paths make (design, section 3).

The sources of all languages share one address space; a translation's own path is no address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, OuterRef, Q, Subquery
from wagtail.models import Page, Site

from .models import LearningObject

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet


def source_pages() -> QuerySet[Page]:
    """Return every page that is a source, annotated with its `language`.

    What is no learning object was first written in the language of its oldest page.
    """
    identity = LearningObject.objects.filter(key=OuterRef("translation_key"))
    same = Page.objects.filter(translation_key=OuterRef("translation_key")).order_by("pk")
    pages: QuerySet[Page] = (
        Page.objects.alias(
            source_language=Subquery(identity.values("source_locale")),
            oldest=Subquery(same.values("pk")[:1]),
        )
        .annotate(language=F("locale__language_code"))
        .filter(Q(source_language=F("language")) | Q(source_language=None, oldest=F("pk")))
    )
    return pages


def root_paths() -> list[str]:
    """Return the tree paths of all home pages, the longest first."""
    return sorted({root.root_path for root in Site.get_site_root_paths()}, key=len, reverse=True)


def relative(url_path: str) -> str:
    """Return a tree path without its home page: what all languages' addresses share."""
    for root in root_paths():
        if url_path.startswith(root):
            return url_path.removeprefix(root)
    return url_path.removeprefix("/")


def address(url_path: str, *, language: str) -> str:
    """Return the address of a source page in a language: only the source's path counts."""
    return f"/{language}/{relative(url_path)}"


def sources_at(path: str) -> QuerySet[Page]:
    """Return the sources that stand at a path below the home page (`courses/policing/`)."""
    return source_pages().filter(url_path__in=[root + path for root in root_paths()])


def clashing_source(url_path: str, *, but: UUID) -> Page | None:
    """Return another page that is the source of this address already, or None."""
    return sources_at(relative(url_path)).exclude(translation_key=but).first()


def source_paths(pages: Iterable[int]) -> dict[int, str]:
    """Return for each live page, by its id, the tree path of its source; in one query."""
    source = source_pages().filter(translation_key=OuterRef("translation_key"), live=True)
    rows = Page.objects.filter(pk__in=list(pages)).values_list(
        "pk", Subquery(source.values("url_path")[:1])
    )
    return {pk: path for pk, path in rows if path}
