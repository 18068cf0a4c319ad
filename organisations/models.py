"""Employers and authorities, their units and people, and their own copies of completions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node
from tutela.accounts.models import Permanent, PermanentQuerySet, User

if TYPE_CHECKING:
    from datetime import datetime


class Organisation(models.Model):
    """An employer or authority that asks its people to complete courses."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=160)
    language = models.CharField(_("language of its records"), max_length=12, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    retention_months = models.PositiveSmallIntegerField(
        _("records are kept for, in months after they expire"), default=12
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name


class Unit(MP_Node):
    """A part of an organisation, in a tree; the root of the tree is the organisation itself."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="units")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=160)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="unit_code_once",
                violation_error_message=_("Another unit has this code already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self, *, at: datetime) -> MembershipQuerySet:
        """Return memberships that hold at this instant; `until` NULL means still."""
        return self.filter(since__lte=at).filter(
            models.Q(until__isnull=True) | models.Q(until__gt=at)
        )


class Membership(models.Model):
    """A person's dated place in a unit: a move closes one row and opens the next."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="memberships"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    # The name by which the employer knows her: what she gave when she joined.
    name = models.CharField(_("name"), max_length=120)
    staff_number = models.CharField(_("staff number"), max_length=40, blank=True)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=models.Q(until__isnull=True),
                name="membership_one_open",
            ),
            models.UniqueConstraint(
                fields=["organisation", "staff_number"],
                condition=models.Q(until__isnull=True) & ~models.Q(staff_number=""),
                name="membership_staff_number_once",
                violation_error_message=_("Another member has this staff number already."),
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"


class Role(models.TextChoices):
    MANAGER = "manager", _("manager")
    AUDITOR = "auditor", _("auditor")


class Appointment(models.Model):
    """What a person may see of an organisation: a unit and all below it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="appointments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=models.Q(until__isnull=True),
                name="appointment_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"appointment {self.pk}"


class Invitation(models.Model):
    """An open door for one e-mail address into one unit, until it expires."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    email = models.EmailField(_("e-mail address"))
    staff_number = models.CharField(_("staff number"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=12)
    token = models.CharField(_("token"), max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open",
                violation_error_message=_("This address has an open invitation already."),
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class How(models.TextChoices):
    """How a record came to be."""

    COMPLETED = "completed", _("completed here")
    SHARED = "shared", _("shared on joining")
    ATTENDED = "attended", _("attended")
    RECOGNISED = "recognised", _("recognised")


class RecordQuerySet(PermanentQuerySet["Record"]):
    def within(self, unit: Unit) -> RecordQuerySet:
        """Return the records of a unit and all below it, as the tree stands today."""
        return self.filter(
            organisation_id=unit.organisation_id, unit__path__startswith=unit.path
        )


class Record(Permanent):
    """The organisation's own copy of one completion; everything is as it was at that moment.

    Dates are days in the organisation's zone. It stays when the person leaves or closes her
    account, and ends by the organisation's retention.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="records")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="records")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="records")
    unit_code = models.CharField(_("unit code"), max_length=40)
    unit_name = models.CharField(_("unit"), max_length=160)
    person_name = models.CharField(_("name"), max_length=120)
    staff_number = models.CharField(_("staff number"), max_length=40, blank=True)
    course_code = models.SlugField(_("course code"), max_length=60)
    course_title = models.CharField(_("course"), max_length=255)
    release_number = models.PositiveIntegerField(_("release"))
    language = models.CharField(_("language"), max_length=12)
    reviewed = models.BooleanField(_("text reviewed by a professional"))
    how = models.CharField(_("how"), max_length=12, choices=How.choices, default=How.COMPLETED)
    completed_on = models.DateField(_("completed on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    certificate_code = models.CharField(_("certificate"), max_length=32, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "certificate_code"],
                condition=~models.Q(certificate_code=""),
                name="record_once_a_certificate",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "completed_on", "id"], name="record_by_day"
            ),
            models.Index(
                fields=["organisation", "course_code", "completed_on"], name="record_by_course"
            ),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"


class RecordEvent(Permanent):
    """A later correction of a record, such as a certificate that was revoked."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=20)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("record event")
        verbose_name_plural = _("record events")

    def __str__(self) -> str:
        return f"{self.record_id} {self.kind}"
