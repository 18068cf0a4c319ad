"""Pages of the course tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import TextInput
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.blocks import CharBlock
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from tutela.kit.fields import ProseField
from tutela.kit.middleware import cacheable

from ..blocks import LessonBlocks
from ..editing import ADDRESS_TAKEN, CODE_FIXED, CODE_TAKEN, LessonForm, TreePageForm
from ..lending import Lent
from ..sectors import ALL, AUDIENCES
from .releases import LearningObject

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


# What every page of the tree keeps from its source: its address and its identity.
IDENTITY = [SynchronizedField("slug", overridable=False)]


def structure(*names: str) -> list[SynchronizedField]:
    """Return the fields that a translation takes from its source and cannot change."""
    return [SynchronizedField(name, overridable=False) for name in names]


class TreePage(Page):
    """A page whose structure is its source's and whose words are lent by a language."""

    # The view that shows it, by its dotted path, since views stand above models.
    view: ClassVar[str]
    # The field that introduces it in a list of what was found; without one, search leaves it out.
    introduced_by: ClassVar[str] = ""
    base_form_class = TreePageForm

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        parent = self.get_parent()
        path = f"{parent.url_path}{self.slug}/" if parent else ""
        if path and (problem := self.address_problem(path)):
            raise ValidationError({"slug": problem})

    def address_problem(self, url_path: str) -> str:
        """Return why no source may stand at this tree path, or ''; a translation has no address."""
        from ..sources import clashing_source, source_pages  # noqa: PLC0415  (rules stand above)

        other = clashing_source(url_path, but=self.translation_key)
        if other is None:
            return ""
        source = source_pages().filter(translation_key=self.translation_key).first()
        if source and source.pk != self.pk:
            return ""
        return ADDRESS_TAKEN % {"title": other.title, "language": other.language}

    def code_problem(self, code: str) -> str:
        """Return why the page cannot have this code, or ''."""
        mine = LearningObject.objects.filter(key=self.translation_key).first()
        if mine and mine.code != code:
            return CODE_FIXED % {"code": mine.code}
        taken = LearningObject.objects.filter(code=code).exclude(key=self.translation_key)
        return str(CODE_TAKEN) if taken.exists() else ""

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[Any, ...] | None:
        """Return the source's address in this page's language: its own path is no address."""
        from ..sources import address, source_paths  # noqa: PLC0415  (rules stand above)

        parts: tuple[Any, ...] | None = super().get_url_parts(request)
        path = source_paths([self.pk]).get(self.pk) if parts else None
        if parts is None or path is None:
            return parts
        return (*parts[:2], address(path, language=self.locale.language_code))

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Return what restricts this page or a page above it; one query where Wagtail needs two."""
        ends = range(self.steplen, len(self.path) + 1, self.steplen)
        restrictions: models.QuerySet[PageViewRestriction] = PageViewRestriction.objects.filter(
            page__path__in=[self.path[:end] for end in ends]
        )
        return restrictions

    def serve(self, request: HttpRequest, lent: Lent | None = None, **kwargs: Any) -> HttpResponse:
        """Show the page; without `lent` it is a preview of this very page."""
        shown = lent or Lent(source=self, text=self, asked=self.locale.language_code)
        response: HttpResponse = import_string(self.view)(request, shown)
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show this very page, though it is in no release and not published; no cache may keep it."""
        return cacheable(self.serve(request), seconds=0)


class CatalogPage(TreePage):
    """The list of all courses."""

    view = "courses.views.show_catalog"

    introduction = ProseField(_("introduction"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    override_translatable_fields: ClassVar = [*IDENTITY]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["courses.CoursePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("catalogue")


class CoursePage(TreePage):
    """What a professional completes and is certified for."""

    view = "courses.views.show_course"
    introduced_by = "summary"

    code = models.SlugField(_("code"), max_length=60, help_text=_("Never changes."))
    sector = models.CharField(_("sector"), max_length=20, choices=AUDIENCES, default=ALL)
    subtitle = models.CharField(_("subtitle"), max_length=120, blank=True)
    summary = models.TextField(_("summary"), help_text=_("One sentence for the catalogue."))
    description = ProseField(_("description"))
    objectives = StreamField(
        [("objective", CharBlock(label=_("Objective")))], verbose_name=_("objectives")
    )
    requires = models.JSONField(
        _("prerequisites"),
        default=list,
        blank=True,
        help_text=_('The codes of the courses to complete first: ["foundation"].'),
    )
    validity_months = models.PositiveSmallIntegerField(
        _("certificate valid for, in months"), null=True, blank=True
    )
    authors = models.CharField(_("authors"), max_length=200)
    worth = ProseField(_("what the certificate is worth"))

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("subtitle"),
        FieldPanel("summary"),
        FieldPanel("description"),
        FieldPanel("objectives"),
        FieldPanel("worth"),
        FieldPanel("authors"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("code", widget=TextInput), FieldPanel("sector")]),
                FieldRowPanel([FieldPanel("requires"), FieldPanel("validity_months")]),
            ],
            heading=_("Structure"),
        ),
    ]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("subtitle"),
        index.SearchField("summary"),
        index.SearchField("description"),
        index.FilterField("sector"),
    ]
    override_translatable_fields: ClassVar = [
        *IDENTITY,
        *structure("code", "sector", "requires", "validity_months", "authors"),
        TranslatableField("objectives"),
    ]
    parent_page_types: ClassVar = ["courses.CatalogPage"]
    subpage_types: ClassVar = ["courses.ModulePage"]

    class Meta:
        verbose_name = _("course")


class ModulePage(TreePage):
    """A part of a course, one subject; it holds lessons and ends in a quiz."""

    view = "courses.views.show_module"

    code = models.SlugField(_("code"), max_length=60, help_text=_("Never changes."))
    summary = models.TextField(_("summary"))

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("code", widget=TextInput),
    ]
    override_translatable_fields: ClassVar = [*IDENTITY, *structure("code")]
    parent_page_types: ClassVar = ["courses.CoursePage"]
    subpage_types: ClassVar = ["courses.LessonPage", "courses.QuizPage"]

    class Meta:
        verbose_name = _("module")


class LessonPage(TreePage):
    """One objective, one page, 6 to 12 minutes."""

    view = "courses.views.show_lesson"
    base_form_class = LessonForm
    introduced_by = "objective"

    code = models.SlugField(_("code"), max_length=60, help_text=_("Never changes."))
    objective = models.TextField(
        _("objective"), help_text=_("One, with an observable verb: identify, order, select.")
    )
    objectives_taught = models.JSONField(
        _("objectives of the course that it teaches"), default=list, blank=True
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=8)
    sensitive = models.BooleanField(_("sensitive"), default=False)
    content_note = models.TextField(
        _("content note"),
        blank=True,
        help_text=_("At most 60 words, neutral: topic, length, and that nothing graphic follows."),
    )
    sources = models.CharField(_("sources"), max_length=500, blank=True)
    body = StreamField(LessonBlocks(), verbose_name=_("content"))
    short_version = ProseField(
        _("short version"), blank=True, help_text=_("The points and duties only.")
    )

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("objective"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("sensitive"), FieldPanel("content_note"), FieldPanel("short_version")],
            heading=_("Care for the learner"),
        ),
        FieldPanel("sources"),
        FieldRowPanel(
            [
                FieldPanel("code", widget=TextInput),
                FieldPanel("minutes"),
                FieldPanel("objectives_taught"),
            ],
            heading=_("Structure"),
        ),
    ]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("objective"),
        index.SearchField("body"),
        index.SearchField("short_version"),
    ]
    override_translatable_fields: ClassVar = [
        *IDENTITY,
        *structure("code", "objectives_taught", "minutes", "sensitive", "sources"),
    ]
    parent_page_types: ClassVar = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("lesson")


class QuizPage(TreePage):
    """The assessment at the end of a module; its questions stand in the bank."""

    view = "courses.views.show_quiz"

    code = models.SlugField(_("code"), max_length=60, help_text=_("Never changes."))
    bank = models.SlugField(_("bank"), max_length=60, help_text=_("The module's code."))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=15)
    draw = models.PositiveSmallIntegerField(_("questions drawn"), default=10)
    pass_percent = models.PositiveSmallIntegerField(_("pass mark in percent"), default=80)
    critical_minimum = models.PositiveSmallIntegerField(_("critical at least"), default=2)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldRowPanel(
            [FieldPanel("draw"), FieldPanel("critical_minimum"), FieldPanel("pass_percent")],
            heading=_("Rule"),
        ),
        FieldRowPanel(
            [
                FieldPanel("code", widget=TextInput),
                FieldPanel("bank", widget=TextInput),
                FieldPanel("minutes"),
            ]
        ),
    ]
    override_translatable_fields: ClassVar = [
        *IDENTITY,
        *structure("code", "bank", "minutes", "draw", "pass_percent", "critical_minimum"),
    ]
    parent_page_types: ClassVar = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("quiz")


class LoadedText(models.Model):
    """What `load_curriculum` last wrote of one object in one language, so that a second run changes
    nothing and an editor's change stays until the file itself changes.
    """

    code = models.SlugField(_("code"), max_length=60)
    locale = models.CharField(_("language"), max_length=12)
    digest = models.CharField(_("digest"), max_length=64)
    loaded_at = models.DateTimeField(_("loaded at"))

    class Meta:
        verbose_name = _("loaded text")
        verbose_name_plural = _("loaded texts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "locale"], name="loaded_text_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.locale}"
