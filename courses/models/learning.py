"""What learners earn; none of it points at a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quizzes.models import Sitting
from tutela.accounts.models import Permanent, PermanentQuerySet

from .releases import LearningObject, Review

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from tutela.accounts.models import User


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def of(self, person: User | AnonymousUser) -> EnrolmentQuerySet:
        """Return a person's own enrolments; nobody else sees them."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(person=person)


class Enrolment(models.Model):
    """One person in one course, in one cycle; a renewal starts the next cycle."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="enrolments"
    )
    course = models.ForeignKey(LearningObject, models.PROTECT, related_name="enrolments")
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    enrolled_at = models.DateTimeField(_("enrolled at"))

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "course", "cycle"], name="enrolment_once_a_cycle"
            )
        ]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class StepProgress(models.Model):
    """A step that a learner has begun (a quiz) or done; of a lesson only that it is done."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="progress")
    step = models.ForeignKey(LearningObject, models.PROTECT, related_name="+")
    sitting = models.OneToOneField(Sitting, models.PROTECT, null=True, related_name="progress")
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("step progress")
        verbose_name_plural = _("step progress")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "step"], name="progress_once_a_step")
        ]

    def __str__(self) -> str:
        return f"progress {self.pk}"


class CompletionQuerySet(PermanentQuerySet["Completion"]):
    def of(self, person: User | AnonymousUser) -> CompletionQuerySet:
        """Return a person's own completions."""
        return self.filter(person=person) if person.is_authenticated else self.none()

    def current(self, *, on: date) -> CompletionQuerySet:
        """Return completions that have not expired on a day; NULL means that they never do."""
        return self.filter(models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=on))


class Completion(Permanent):
    """The permanent fact that a person completed a release of a course; flat and frozen.

    `completed_on` and `expires_on` are days in the person's zone, frozen beside the instant.
    `titles` is `{language: title}` in every language that was offered at that moment.
    """

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="completion")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="completions"
    )
    course_code = models.SlugField(_("course"), max_length=60, db_index=True)
    sector = models.CharField(_("sector"), max_length=20)
    titles = models.JSONField(_("titles"))
    release_number = models.PositiveIntegerField(_("release"))
    language = models.CharField(_("language"), max_length=12)
    review = models.CharField(_("review of the text"), max_length=12, choices=Review.choices)
    minutes = models.PositiveSmallIntegerField(_("learning time in minutes"))
    pass_percent = models.PositiveSmallIntegerField(_("pass mark in percent"))
    completed_at = models.DateTimeField(_("completed at"))
    completed_on = models.DateField(_("completed on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)

    objects = CompletionQuerySet.as_manager()  # type: ignore[misc]  # a narrower manager

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        indexes: ClassVar = [
            models.Index(fields=["person", "course_code"], name="completion_person_course")
        ]

    def __str__(self) -> str:
        return f"completion {self.pk}"
