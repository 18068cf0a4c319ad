"""Home, information and awareness pages; and the routing that lends a language to a source page."""

from __future__ import annotations

from typing import ClassVar

from courses.models import IDENTITY, TreePage
from django.utils.translation import gettext_lazy as _
from tutela.kit.fields import ProseField
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page


class HomePage(TreePage):
    """The front door of one language."""

    introduction = ProseField(_("introduction"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    override_translatable_fields: ClassVar = [*IDENTITY]
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["courses.CatalogPage", "pages.InformationPage"]

    class Meta:
        verbose_name = _("home page")


class InformationPage(TreePage):
    """A page that says one thing: about, privacy, accessibility."""

    body = ProseField(_("text"))

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("body")]
    override_translatable_fields: ClassVar = [*IDENTITY]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = []

    class Meta:
        verbose_name = _("information page")
