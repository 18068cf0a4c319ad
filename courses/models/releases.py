"""Identities, releases and languages: what completing a course means, and who is offered it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tutela.accounts.models import Permanent, PermanentQuerySet

if TYPE_CHECKING:
    from collections.abc import Mapping


class ObjectKind(models.TextChoices):
    COURSE = "course", _("course")
    MODULE = "module", _("module")
    LESSON = "lesson", _("lesson")
    QUIZ = "quiz", _("quiz")


class LearningObject(models.Model):
    """The identity of a course, module, lesson or quiz, made at its first publish; never deleted.

    `key` is the translation key that all its languages share.
    """

    key = models.UUIDField(_("key"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=12, choices=ObjectKind.choices)
    code = models.SlugField(_("code"), max_length=60, unique=True)
    source_locale = models.CharField(_("source language"), max_length=12)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("learning object")
        verbose_name_plural = _("learning objects")

    def __str__(self) -> str:
        return self.code

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise models.ProtectedError("A learning object is retired, never deleted.", {self})


class Change(models.TextChoices):
    MINOR = "minor", _("minor")
    MATERIAL = "material", _("material")


class CourseReleaseQuerySet(PermanentQuerySet["CourseRelease"]):
    def newest(self) -> CourseReleaseQuerySet:
        """Return the newest release of each course."""
        newer = CourseRelease.objects.filter(
            course=models.OuterRef("course"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(newer))


class CourseRelease(Permanent):
    """The immutable, numbered outline of a course (its shape: `courses.outline`)."""

    course = models.ForeignKey(LearningObject, models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField(_("number"))
    outline = models.JSONField(_("outline"))
    digest = models.CharField(_("digest"), max_length=64)
    change = models.CharField(_("change"), max_length=12, choices=Change.choices)
    note = models.TextField(_("note"), blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(_("released at"))

    objects = CourseReleaseQuerySet.as_manager()  # type: ignore[misc]  # a narrower manager

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="release_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.number}"


class LanguageState(models.TextChoices):
    TRANSLATING = "translating", _("in translation")
    RELEASED = "released", _("released")
    OUTDATED = "outdated", _("outdated")


class Review(models.TextChoices):
    NONE = "none", _("not reviewed")
    READER = "reader", _("reviewed by a reader")
    PROFESSIONAL = "professional", _("reviewed by a professional")


def fingerprint(words: Mapping[str, Any]) -> str:
    """Return a short name for these words: 32 characters. A review holds for no others."""
    content = json.dumps(dict(words), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


class CourseLanguageQuerySet(models.QuerySet["CourseLanguage"]):
    def offered(self) -> CourseLanguageQuerySet:
        """Return the languages that this instance offers to learners (design: language gate)."""
        released = self.filter(state=LanguageState.RELEASED)
        if settings.OFFER_UNREVIEWED:
            return released
        return released.filter(review=Review.PROFESSIONAL)


class CourseLanguage(models.Model):
    """One language of one course: offered only when it is complete and a reviewer released it."""

    course = models.ForeignKey(LearningObject, models.PROTECT, related_name="languages")
    locale = models.CharField(_("language"), max_length=12)
    release = models.ForeignKey(CourseRelease, models.PROTECT, related_name="languages")
    state = models.CharField(_("state"), max_length=12, choices=LanguageState.choices)
    review = models.CharField(
        _("review"), max_length=12, choices=Review.choices, default=Review.NONE
    )
    reviewed_by = models.CharField(_("reviewed by"), max_length=120, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)

    objects = CourseLanguageQuerySet.as_manager()

    class Meta:
        verbose_name = _("course language")
        verbose_name_plural = _("course languages")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "locale"], name="course_language_once")
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.locale}"

    @property
    def reviewed(self) -> bool:
        return self.review == Review.PROFESSIONAL
