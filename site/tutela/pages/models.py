"""Home, information and awareness pages; and the routing that lends a language to a source page."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from courses.models import IDENTITY, Review, TreePage, fingerprint, structure
from courses.sectors import Sector
from tutela.kit.fields import ProseField

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest


class HomePage(TreePage):
    """The front door of one language; it finds every page of the site by its source's path."""

    view = "tutela.pages.views.show_home"

    introduction = ProseField(_("introduction"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    override_translatable_fields: ClassVar = [*IDENTITY]
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["courses.CatalogPage", "pages.SectorsPage", "pages.InformationPage"]

    class Meta:
        verbose_name = _("home page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Return the source page at a path, with the words of the language asked for."""
        from .routing import find_page  # noqa: PLC0415  (rules stand above models)

        lent = find_page("/".join([*path_components, ""]).lstrip("/"), language=get_language())
        if lent is None:
            raise Http404
        return RouteResult(lent.source, args=[lent])


class TextPage(TreePage):
    """A public page of words. Each language of it has a review of its own, of the words it shows.

    A `guarded` one speaks of disclosure, reporting or help: where unreviewed texts are not offered,
    it is shown only in words that a professional has reviewed (curriculum, 2.8).
    """

    WORDS: ClassVar[tuple[str, ...]]

    guarded = models.BooleanField(
        _("speaks of disclosure, reporting or help"),
        default=False,
        help_text=_("Then the page is shown only once a professional has reviewed its text."),
    )

    class Meta:
        abstract = True

    @property
    def fingerprint(self) -> str:
        """A short name for the words that the page has now."""
        return fingerprint({name: getattr(self, name) for name in self.WORDS})

    @cached_property
    def text_review(self) -> TextReview | None:
        """The review of these very words, if there is one; a changed word leaves none."""
        return TextReview.objects.filter(
            key=self.translation_key, words=self.fingerprint, locale=self.locale.language_code
        ).first()

    @property
    def review(self) -> str:
        return self.text_review.review if self.text_review else Review.NONE

    @property
    def reviewed_by(self) -> str:
        return self.text_review.reviewed_by if self.text_review else ""

    @property
    def reviewed_on(self) -> date | None:
        return self.text_review.reviewed_on if self.text_review else None

    @property
    def reviewed(self) -> bool:
        """Whether a professional has reviewed these words."""
        return self.review == Review.PROFESSIONAL


class Layout(models.TextChoices):
    PLAIN = "information", _("plain")
    HELP = "help", _("help: the emergency number first, in large type")
    CONTACT = "contact", _("contact: with the operator's address")


class InformationPage(TextPage):
    """A page that says one thing: about, privacy, accessibility, help."""

    view = "tutela.pages.views.show_information"
    WORDS = ("title", "body")
    introduced_by = "body"

    body = ProseField(_("text"))
    layout = models.CharField(
        _("layout"), max_length=12, choices=Layout.choices, default=Layout.PLAIN
    )

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("guarded"), FieldPanel("layout")], heading=_("Structure")),
    ]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("body")]
    override_translatable_fields: ClassVar = [*IDENTITY, *structure("guarded", "layout")]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("information page")


class SectorsPage(TreePage):
    """The list of all sectors."""

    view = "tutela.pages.views.show_sectors"

    introduction = ProseField(_("introduction"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    override_translatable_fields: ClassVar = [*IDENTITY]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["pages.SectorPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of sectors")


class SectorPage(TextPage):
    """What one audience should notice, do and whom to call, in two minutes; then its courses."""

    view = "tutela.pages.views.show_sector"
    WORDS = ("title", "lead", "notice", "act", "call")
    introduced_by = "lead"

    sector = models.CharField(_("sector"), max_length=20, choices=Sector.choices)
    lead = models.TextField(_("lead"), help_text=_("One or two sentences."))
    notice = ProseField(_("what to notice"))
    act = ProseField(_("what to do"))
    call = ProseField(_("whom to call"))
    sources = models.CharField(_("sources"), max_length=500, blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("notice"),
        FieldPanel("act"),
        FieldPanel("call"),
        MultiFieldPanel(
            [FieldPanel("sources"), FieldPanel("sector"), FieldPanel("guarded")],
            heading=_("Structure"),
        ),
    ]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("notice"),
        index.SearchField("act"),
        index.SearchField("call"),
    ]
    override_translatable_fields: ClassVar = [
        *IDENTITY,
        *structure("guarded", "sector", "sources"),
    ]
    parent_page_types: ClassVar = ["pages.SectorsPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("sector page")


class TextReview(models.Model):
    """That somebody reviewed certain words of a page in a language; it holds for no others."""

    key = models.UUIDField(_("key"))  # the page's translation key
    locale = models.CharField(_("language"), max_length=12)
    words = models.CharField(_("words"), max_length=32)
    review = models.CharField(_("review"), max_length=12, choices=Review.choices)
    reviewed_by = models.CharField(
        _("reviewed by"), max_length=120, blank=True, help_text=_("Name and office.")
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("review of a text")
        verbose_name_plural = _("reviews of texts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "locale", "words"], name="text_review_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.locale} {self.review}"
