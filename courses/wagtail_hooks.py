"""What the CMS does differently here: translations follow their source, links lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.translation import get_language
from wagtail import hooks
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from .sources import address, source_pages, source_paths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from wagtail.rich_text.feature_registry import FeatureRegistry


class SourceLinkHandler(PageLinkHandler):
    """A link of an author's prose: to the source's address, in the language that is shown.

    One query for all links of a text; Wagtail's own asks for every page and its language.
    """

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        ids = [int(attrs["id"]) if attrs.get("id", "").isdecimal() else 0 for attrs in attrs_list]
        paths = source_paths(ids)
        language = get_language() or ""
        return [
            format_html('<a href="{}">', address(paths[pk], language=language))
            if pk in paths
            else "<a>"
            for pk in ids
        ]


@hooks.register("register_rich_text_features", order=10)  # after Wagtail's own
def lead_links_to_sources(features: FeatureRegistry) -> None:
    """Write links to pages as the source's address."""
    features.register_link_type(SourceLinkHandler)


@hooks.register("construct_translated_pages_to_cascade_actions")
def take_translations_along(pages: Iterable[Page], action: str) -> dict[Page, QuerySet[Page]]:
    """Return the translations that are unpublished or deleted with these pages.

    Only a source takes its translations along. A move is healed by the routing instead.
    """
    if action not in {"unpublish", "delete"}:
        return {}
    sources = set(
        source_pages().filter(pk__in=[page.pk for page in pages]).values_list("pk", flat=True)
    )
    return {
        page: Page.objects.translation_of(page, inclusive=False)
        for page in pages
        if page.pk in sources
    }
