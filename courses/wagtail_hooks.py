"""What the CMS does differently here: translations follow their source, links lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from . import cms_views
from .forms import TermLanguageForm
from .models import Term, TermLanguage
from .sources import address, source_pages, source_paths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest
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


@hooks.register("register_admin_urls")
def guard_translations() -> list[URLPattern]:
    """Stand before the addresses of wagtail-localize that ask too little."""
    return [
        path(
            "localize/update/<int:translation_source_id>/", cms_views.UpdateTranslations.as_view()
        ),
        path("localize/page/<int:page_id>/convert_to_alias/", cms_views.no_alias),
    ]


@hooks.register("before_copy_page")
def copy_no_alias(request: HttpRequest, page: Page) -> None:
    """Refuse an alias: it would be live at once, without a publisher, and there are none here."""
    if request.POST.get("alias"):
        raise PermissionDenied


class TermViewSet(SnippetViewSet):
    """The notions of the glossary: written, reviewed as drafts, published, translated."""

    model = Term
    icon = "openquote"
    menu_label = _("Terms")
    # Wagtail 8.0.1: a POST to a snippet's copy address overwrites the original.
    copy_view_enabled = False
    inspect_view_enabled = True
    list_display: ClassVar = ["term", "code", "standing", LiveStatusTagColumn()]
    list_filter: ClassVar = ["standing"]
    # Plain look-ups find a word in parts, which the full-text index does not.
    search_backend_name = None
    search_fields: ClassVar = ["code", "term"]
    list_per_page = 50
    ordering: ClassVar = ["code"]


class TermLanguageViewSet(SnippetViewSet):
    """What is particular to a term in one language, and who confirmed and reviewed it."""

    model = TermLanguage
    icon = "globe"
    menu_label = _("Terms by language")
    copy_view_enabled = False
    list_display: ClassVar = ["code", "locale", "confirmed", "review"]
    list_filter: ClassVar = ["locale", "review"]
    search_backend_name = None
    search_fields: ClassVar = ["code", "alternatives"]
    list_per_page = 50
    ordering: ClassVar = ["code", "locale"]
    edit_handler = ObjectList(
        [
            FieldPanel(name)
            for name in (
                *("code", "locale", "alternatives", "avoided", "usage", "confirmed"),
                *("review", "reviewed_by", "reviewed_at"),
            )
        ],
        base_form_class=TermLanguageForm,
    )


class GlossaryViewSetGroup(SnippetViewSetGroup):
    """The glossary's place in the menu."""

    items = (TermViewSet, TermLanguageViewSet)
    menu_label = _("Glossary")
    menu_icon = "openquote"
    menu_name = "glossary"
    menu_order = 260


register_snippet(GlossaryViewSetGroup)
