"""The bank, its frozen versions, and what a person answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.forms import TextInput
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from tutela.accounts.models import Permanent

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from tutela.accounts.models import User


class Kind(models.TextChoices):
    SINGLE = "single", _("one answer")
    SEVERAL = "several", _("several answers")


class Level(models.TextChoices):
    """Revised Bloom's taxonomy (Anderson and Krathwohl 2001)."""

    REMEMBER = "remember", _("remember")
    UNDERSTAND = "understand", _("understand")
    APPLY = "apply", _("apply")
    ANALYSE = "analyse", _("analyse")
    EVALUATE = "evaluate", _("evaluate")


class Status(models.TextChoices):
    """How well the right answer is confirmed; what has K is not published as a rule."""

    VERIFIED = "V", _("V: compared with the published text")
    PARTLY = "P", _("P: partly confirmed")


class QuestionQuerySet(models.QuerySet["Question"]):
    def in_pool(self, bank: str, *, source_locale: str) -> QuestionQuerySet:
        """Return the published questions of one bank: the source decides, never a translation."""
        return self.filter(bank=bank, live=True, locale__language_code=source_locale)


class Question(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    ClusterableModel,
    index.Indexed,
):
    """A question of the bank, in one language; its structure is its source's."""

    code = models.SlugField(_("code"), max_length=60, help_text=_("Never changes: P-07."))
    bank = models.SlugField(
        _("bank"), max_length=60, help_text=_("The code of the module that asks this question.")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.SINGLE)
    stem = models.TextField(
        _("question"), help_text=_("In full; where several answers are right, say how many.")
    )
    critical_rule = models.SlugField(
        _("critical rule"),
        max_length=60,
        blank=True,
        help_text=_("Only where an error would endanger a child; three questions share a rule."),
    )
    rule = models.TextField(
        _("rule behind it"), help_text=_("One or two sentences with their source.")
    )
    lesson = models.SlugField(
        _("lesson to reread"), max_length=60, help_text=_("The lesson's code.")
    )
    objective = models.PositiveSmallIntegerField(_("objective"), default=1)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices, default=Level.APPLY)
    sources = models.CharField(_("sources"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=1, choices=Status.choices)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=60, default="international")
    review_due = models.DateField(_("review due"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    panels: ClassVar = [
        FieldPanel("stem"),
        InlinePanel("choices", heading=_("Choices"), min_num=2, max_num=8),
        FieldPanel("rule"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("kind"), FieldPanel("critical_rule", widget=TextInput)]),
                FieldRowPanel(
                    [
                        FieldPanel("lesson", widget=TextInput),
                        FieldPanel("objective"),
                        FieldPanel("level"),
                    ]
                ),
            ],
            heading=_("How it is used"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("sources"),
                FieldRowPanel([FieldPanel("status"), FieldPanel("jurisdiction")]),
                FieldPanel("review_due"),
            ],
            heading=_("Sources and review"),
        ),
        FieldRowPanel(
            [FieldPanel("code", widget=TextInput), FieldPanel("bank", widget=TextInput)],
            heading=_("Identity"),
        ),
    ]
    search_fields: ClassVar = [
        index.SearchField("stem"),
        index.SearchField("rule"),
        index.AutocompleteField("stem"),
        index.FilterField("bank"),
        index.FilterField("locale"),
    ]
    override_translatable_fields: ClassVar = [
        TranslatableField("stem"),
        TranslatableField("rule"),
        *(
            SynchronizedField(name, overridable=False)
            for name in (
                "code",
                "bank",
                "kind",
                "critical_rule",
                "lesson",
                "objective",
                "level",
                "sources",
                "status",
                "jurisdiction",
                "review_due",
            )
        ),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "locale"],
                name="question_code_once_a_language",
                violation_error_message=_("Another question has this code already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.stem[:80]}"

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "quizzes/preview.html"


class Choice(TranslatableMixin, Orderable):
    """One possible answer; whether it is correct is its source's."""

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="choices")
    key = models.SlugField(_("key"), max_length=12, help_text=_("A letter; never changes."))
    text = models.TextField(_("answer"))
    correct = models.BooleanField(_("correct"), default=False)
    feedback = models.TextField(_("feedback"), help_text=_("Why it is right, or not yet."))

    panels: ClassVar = [
        FieldPanel("text"),
        FieldPanel("feedback"),
        FieldPanel("correct"),
    ]
    override_translatable_fields: ClassVar = [
        TranslatableField("text"),
        TranslatableField("feedback"),
        SynchronizedField("key", overridable=False),
        SynchronizedField("correct", overridable=False),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "key"], name="choice_key_once_a_question")
        ]

    def __str__(self) -> str:
        return self.text


class QuestionVersion(Permanent):
    """The frozen structure of a question: kind, critical rule, and which choices are correct.

    `structure` is `{"kind", "critical_rule", "lesson", "sources", "status", "bank", "code",
    "source_locale", "choices": [{"key", "correct"}, …]}`. A change of structure is a new version.
    """

    key = models.UUIDField(_("question"))
    number = models.PositiveIntegerField(_("number"))
    structure = models.JSONField(_("structure"))
    digest = models.CharField(_("digest"), max_length=64)
    frozen_at = models.DateTimeField(_("frozen at"))

    class Meta:
        verbose_name = _("question version")
        verbose_name_plural = _("question versions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "number"], name="question_version_number_once"),
            models.UniqueConstraint(fields=["key", "digest"], name="question_version_digest_once"),
        ]

    def __str__(self) -> str:
        return f"{self.structure['code']} v{self.number}"

    @property
    def kind(self) -> str:
        return str(self.structure["kind"])

    @property
    def source_locale(self) -> str:
        return str(self.structure["source_locale"])

    @property
    def critical(self) -> bool:
        return bool(self.structure["critical_rule"])

    @property
    def choice_keys(self) -> list[str]:
        return [choice["key"] for choice in self.structure["choices"]]

    @property
    def right_keys(self) -> list[str]:
        return [choice["key"] for choice in self.structure["choices"] if choice["correct"]]


class QuestionText(Permanent):
    """The frozen words of a version in one language; a change of wording adds a row.

    `texts` is `{"stem", "rule", "choices": {key: {"text", "feedback"}}}`.
    """

    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="texts")
    locale = models.CharField(_("language"), max_length=12)
    number = models.PositiveIntegerField(_("number"))
    texts = models.JSONField(_("texts"))
    digest = models.CharField(_("digest"), max_length=64)
    frozen_at = models.DateTimeField(_("frozen at"))

    class Meta:
        verbose_name = _("question text")
        verbose_name_plural = _("question texts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "locale", "number"], name="question_text_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.locale} {self.number}"


class Sitting(models.Model):
    """One quiz of one enrolment; it knows neither enrolment nor page."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="sittings"
    )
    quiz = models.UUIDField(_("quiz"), db_index=True)

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")

    def __str__(self) -> str:
        return f"sitting {self.pk}"


class AttemptKind(models.TextChoices):
    FULL = "full", _("the whole quiz")
    CRITICAL = "critical", _("a fresh critical question")
    REFRESHER = "refresher", _("refresher")


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def of(self, person: User | AnonymousUser) -> AttemptQuerySet:
        """Return a person's own attempts; nobody else sees them."""
        return self.filter(sitting__person=person) if person.is_authenticated else self.none()


class Attempt(models.Model):
    """One sitting-down to a quiz: draw, order, language and deadline are fixed at its start.

    `rule` is `{"draw", "pass_percent", "critical_minimum"}` as the release had it.
    """

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(
        _("kind"), max_length=12, choices=AttemptKind.choices, default=AttemptKind.FULL
    )
    language = models.CharField(_("language"), max_length=12)
    rule = models.JSONField(_("rule"))
    seed = models.BigIntegerField(_("seed"))
    started_at = models.DateTimeField(_("started at"))
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    points = models.PositiveSmallIntegerField(_("points"), null=True, blank=True)
    maximum = models.PositiveSmallIntegerField(_("maximum"), null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    critical_missed = models.BooleanField(_("critical question missed"), null=True, blank=True)
    # Set when the answers were summed up and removed (ANSWERS_KEPT_DAYS).
    answers_removed_at = models.DateTimeField(_("answers removed at"), null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["sitting"],
                condition=models.Q(submitted_at__isnull=True),
                name="attempt_one_open_a_sitting",
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True, passed__isnull=True)
                | models.Q(submitted_at__isnull=False, passed__isnull=False),
                name="attempt_result_only_after_submit",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["submitted_at", "id"],
                condition=models.Q(submitted_at__isnull=False, answers_removed_at__isnull=True),
                name="attempt_answers_kept",
            )
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"

    @property
    def percent(self) -> int:
        """The points in whole percent, rounded down; 0 before submission."""
        return (self.points or 0) * 100 // self.maximum if self.maximum else 0


class AttemptItemQuerySet(models.QuerySet["AttemptItem"]):
    def of(self, person: User | AnonymousUser) -> AttemptItemQuerySet:
        """Return the questions of a person's own attempts, each with its attempt and version."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(attempt__sitting__person=person).select_related(
            "attempt__sitting", "version"
        )

    def unanswered(self) -> AttemptItemQuerySet:
        """Return what has no answer yet; once answers were removed, everything."""
        return self.filter(answered_at__isnull=True)


class AttemptItem(models.Model):
    """One question of an attempt: the order it was shown in, and what was answered."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    order = models.JSONField(_("order of choices"))
    # The words in which it was answered, kept with the answer.
    text = models.ForeignKey(QuestionText, models.PROTECT, null=True, related_name="+")
    response = models.JSONField(_("response"), default=list)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    correct = models.BooleanField(_("correct"), null=True, blank=True)
    points = models.PositiveSmallIntegerField(_("points"), null=True, blank=True)

    objects = AttemptItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt item")
        verbose_name_plural = _("attempt items")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "position"], name="item_position_once"),
            models.UniqueConstraint(fields=["attempt", "version"], name="item_version_once"),
        ]

    def __str__(self) -> str:
        return f"item {self.position} of {self.attempt}"


class AnswerTally(models.Model):
    """How often a choice was taken, when nobody's answers are kept any more."""

    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="tallies")
    locale = models.CharField(_("language"), max_length=12)
    choice = models.CharField(_("choice"), max_length=12)
    taken = models.PositiveIntegerField(_("taken"), default=0)

    class Meta:
        verbose_name = _("answer tally")
        verbose_name_plural = _("answer tallies")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "locale", "choice"], name="answer_tally_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.locale} {self.choice}"
