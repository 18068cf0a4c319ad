"""The glossary: the words that this field uses, in every language, and the words it leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import TextInput
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, RevisionMixin, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from .releases import Review, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable


class Standing(models.TextChoices):
    """The marks of the Terminology Guidelines: preferred, use with care, avoid."""

    PREFERRED = "preferred", _("preferred")
    CARE = "care", _("use with care")
    AVOID = "avoid", _("avoid")


class Term(DraftStateMixin, RevisionMixin, TranslatableMixin, index.Indexed, models.Model):
    """One notion of the field in one language; which word replaces another is its source's."""

    code = models.SlugField(_("code"), max_length=50, help_text=_("Never changes."))
    standing = models.CharField(
        _("standing"), max_length=12, choices=Standing.choices, default=Standing.PREFERRED
    )
    term = models.CharField(_("term"), max_length=200)
    definition = models.TextField(
        _("definition"), blank=True, help_text=_("One or two plain sentences.")
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("What to mind; why a word is better avoided.")
    )
    replaced_by = models.SlugField(
        _("say instead"),
        max_length=50,
        blank=True,
        help_text=_("The code of the term to use instead of one that is avoided."),
    )

    panels: ClassVar = [
        FieldPanel("term"),
        FieldPanel("definition"),
        FieldPanel("note"),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("standing"), FieldPanel("replaced_by", widget=TextInput)]
                ),
                FieldPanel("code", widget=TextInput),
            ],
            heading=_("Structure"),
        ),
    ]
    search_fields: ClassVar = [
        index.SearchField("term"),
        index.SearchField("definition"),
        index.SearchField("note"),
        index.AutocompleteField("term"),
        index.FilterField("id"),
        index.FilterField("locale"),
    ]
    override_translatable_fields: ClassVar = [
        *(TranslatableField(name) for name in ("term", "definition", "note")),
        *(
            SynchronizedField(name, overridable=False)
            for name in ("code", "standing", "replaced_by")
        ),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "locale"],
                name="term_code_once_a_language",
                violation_error_message=_("Another term has this code already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(standing=Standing.AVOID) | ~models.Q(replaced_by=""),
                name="term_avoided_has_a_better_one",
                violation_error_message=_("Say which term to use instead of one to avoid."),
            ),
        ]

    def __str__(self) -> str:
        return self.term

    def clean(self) -> None:
        super().clean()
        if self.standing == Standing.AVOID and not (self.note or self.definition):
            raise ValidationError({"note": _("Say why this term is better avoided.")})
        known = Term.objects.exclude(standing=Standing.AVOID).filter(code=self.replaced_by)
        if self.replaced_by and not known.exists():
            raise ValidationError({"replaced_by": _("No term to use has this code.")})


class TermLanguage(models.Model):
    """What is particular to a term in one language: other words for it, and who confirmed them.

    No translator inherits any of it from another language. `alternatives`, `avoided` and `confirmed`
    hold one word a line; `confirmed` names those that stand in a published official text.
    """

    code = models.SlugField(_("term"), max_length=50, help_text=_("The term's code."))
    locale = models.CharField(_("language"), max_length=12)
    alternatives = models.TextField(
        _("other words"), blank=True, help_text=_("Words that may be used as well, one a line.")
    )
    avoided = models.TextField(
        _("words to avoid"), blank=True, help_text=_("Words that this term replaces, one a line.")
    )
    usage = models.TextField(_("usage in this language"), blank=True)
    confirmed = models.TextField(
        _("confirmed words"),
        blank=True,
        help_text=_(
            "Those of the words above that stand in a published official text, one a line."
        ),
    )
    review = models.CharField(
        _("review"), max_length=12, choices=Review.choices, default=Review.NONE
    )
    reviewed_by = models.CharField(_("reviewed by"), max_length=120, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    # The fingerprint of the words that were reviewed: whatever is published later has no review.
    reviewed_words = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        verbose_name = _("term in one language")
        verbose_name_plural = _("terms by language")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "locale"], name="term_language_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.locale}"

    def clean(self) -> None:
        super().clean()
        if self.review != Review.NONE and not (self.reviewed_by and self.reviewed_at):
            raise ValidationError({"reviewed_by": _("Say who reviewed it, and when.")})

    def note_reviewed_words(self) -> None:
        """Note that the review is of the words that are published now."""
        here = Term.objects.filter(code=self.code, locale__language_code=self.locale, live=True)
        term = here.first()
        self.reviewed_words = self._words_of(term) if term else ""

    def covers(self, term: Term | None) -> bool:
        """Tell whether a professional reviewed what the term says now."""
        is_professional = self.review == Review.PROFESSIONAL
        return is_professional and term is not None and self.reviewed_words == self._words_of(term)

    def _words_of(self, term: Term) -> str:
        texts = {name: getattr(term, name) for name in ("term", "definition", "note")}
        return fingerprint({**texts, "usage": self.usage})


def lines(text: str) -> list[str]:
    """Return the words of a field that holds one a line."""
    return [word for line in text.splitlines() if (word := line.strip())]


def as_lines(words: Iterable[Any]) -> str:
    """Return words as a field holds them."""
    return "\n".join(str(word) for word in words)
