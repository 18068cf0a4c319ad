"""Home, information and awareness pages; and the routing that lends a language to a source page."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from courses.models import IDENTITY, TreePage
from tutela.kit.fields import ProseField

if TYPE_CHECKING:
    from django.http import HttpRequest


class HomePage(TreePage):
    """The front door of one language; it finds every page of the site by its source's path."""

    view = "tutela.pages.views.show_home"

    introduction = ProseField(_("introduction"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    override_translatable_fields: ClassVar = [*IDENTITY]
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["courses.CatalogPage", "pages.InformationPage"]

    class Meta:
        verbose_name = _("home page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Return the source page at a path, with the words of the language asked for."""
        from .routing import find_page  # noqa: PLC0415  (rules stand above models)

        lent = find_page("/".join([*path_components, ""]).lstrip("/"), language=get_language())
        if lent is None:
            raise Http404
        return RouteResult(lent.source, args=[lent])


class InformationPage(TreePage):
    """A page that says one thing: about, privacy, accessibility."""

    view = "tutela.pages.views.show_information"
    introduced_by = "body"

    body = ProseField(_("text"))

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("body")]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("body")]
    override_translatable_fields: ClassVar = [*IDENTITY]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("information page")
