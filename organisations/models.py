"""Employers and authorities, their units and people, and their own copies of completions."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from tutela.accounts.models import Permanent, PermanentQuerySet, User

from .days import day_of

type Visitor = User | AnonymousUser


class Organisation(models.Model):  # type: ignore[django-manager-missing]  # treebeard is untyped
    """An employer or authority that asks its people to complete courses."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=160)
    language = models.CharField(_("language of its records"), max_length=12, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    retention_months = models.PositiveSmallIntegerField(
        _("records are kept for, in months after they expire"),
        default=12,
        help_text=_(
            "A record that never expires is kept for as long as the person is a member, "
            "and for these months after."
        ),
    )
    contact = models.CharField(
        _("contact for questions about records"),
        max_length=200,
        blank=True,
        help_text=_("Whom members may ask: an office and its address."),
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name

    def day(self, at: datetime) -> date:
        """Return the day that an instant falls on in the organisation's zone."""
        return day_of(at, zone=self.time_zone)


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


def indent(unit: Unit) -> str:
    """Return the space that sets a unit in by its place in the tree."""
    depth: int = unit.depth
    return "\u2003" * (depth - 1)


def holding(at: datetime, *, through: str = "") -> models.Q:
    """Return the condition that a dated row holds at this instant; `until` NULL means still."""
    began = models.Q(**{f"{through}since__lte": at})
    still = models.Q(**{f"{through}until__isnull": True}) | models.Q(**{f"{through}until__gt": at})
    return began & still


def below(paths: list[str], *, field: str = "path") -> models.Q:
    """Return the condition that a unit is one of these or stands below one; without any, never."""
    condition = models.Q(pk__in=[])
    for path in paths:
        condition |= models.Q(**{f"{field}__startswith": path})
    return condition


def holds_root(paths: list[str]) -> bool:
    """Return whether a root is among these: it is the organisation itself, and no join is needed."""
    return any(len(path) == Unit.steplen for path in paths)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self, *, at: datetime) -> MembershipQuerySet:
        """Return memberships that hold at this instant."""
        return self.filter(holding(at))

    def visible_to(
        self, person: Visitor, *, organisation: Organisation, at: datetime
    ) -> MembershipQuerySet:
        """Return the memberships of the units that this person manages at this instant."""
        paths = Appointment.objects.managed_paths(person, organisation=organisation, at=at)
        members = self.filter(organisation=organisation)
        return members if holds_root(paths) else members.filter(below(paths, field="unit__path"))


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
        indexes: ClassVar = [
            models.Index(fields=["organisation", "name", "id"], name="membership_by_name"),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"


class Role(models.TextChoices):
    """A manager sees people and their records; an auditor sees rounded counts."""

    MANAGER = "manager", _("manager")
    AUDITOR = "auditor", _("auditor")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def open(self, *, at: datetime) -> AppointmentQuerySet:
        """Return appointments that hold at this instant."""
        return self.filter(holding(at))

    def managed_paths(
        self, person: Visitor, *, organisation: Organisation, at: datetime
    ) -> list[str]:
        """Return the tree paths of the units whose people this person may see."""
        if not person.is_authenticated:
            return []
        mine = self.open(at=at).filter(person=person, organisation=organisation, role=Role.MANAGER)
        return list(mine.values_list("unit__path", flat=True))


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

    objects = AppointmentQuerySet.as_manager()

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


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, *, at: datetime) -> InvitationQuerySet:
        """Return invitations that can still be accepted."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at)

    def visible_to(
        self, person: Visitor, *, organisation: Organisation, at: datetime
    ) -> InvitationQuerySet:
        """Return the invitations into the units that this person manages at this instant."""
        paths = Appointment.objects.managed_paths(person, organisation=organisation, at=at)
        return self.filter(below(paths, field="unit__path"), organisation=organisation)


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

    objects = InvitationQuerySet.as_manager()

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

    def is_open(self, *, at: datetime) -> bool:
        """Return whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > at


class StoppedInvitations(models.Model):
    """An address that wants no more invitations from one organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    email = models.EmailField(_("e-mail address"))
    stopped_at = models.DateTimeField(_("stopped at"))

    class Meta:
        verbose_name = _("stopped invitations")
        verbose_name_plural = _("stopped invitations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "email"], name="invitations_stopped_once"
            )
        ]

    def __str__(self) -> str:
        return f"stopped invitations {self.pk}"


class How(models.TextChoices):
    """How a record came to be."""

    COMPLETED = "completed", _("completed here")
    SHARED = "shared", _("shared on joining")
    ATTENDED = "attended", _("attended")
    RECOGNISED = "recognised", _("recognised")


class RecordQuerySet(PermanentQuerySet["Record"]):
    def visible_to(
        self, person: Visitor, *, organisation: Organisation, at: datetime
    ) -> RecordQuerySet:
        """Return the records of the units that this person manages at this instant.

        Every page and export starts here; filters that follow can only narrow it.
        """
        paths = Appointment.objects.managed_paths(person, organisation=organisation, at=at)
        return self._below(paths, organisation=organisation)

    def within(self, unit: Unit) -> RecordQuerySet:
        """Return the records of a unit and all below it, as the tree stands today."""
        return self._below([unit.path], organisation=unit.organisation)

    def _below(self, paths: list[str], *, organisation: Organisation) -> RecordQuerySet:
        records = self.filter(organisation=organisation)
        if holds_root(paths):
            return records
        return records.filter(unit__in=Unit.objects.filter(below(paths)).values("pk"))

    def of_members(
        self, members: MembershipQuerySet, *, organisation: Organisation
    ) -> RecordQuerySet:
        """Return the organisation's records of these members, from whatever unit they came."""
        people = members.values("person")
        return self.filter(
            organisation=organisation,
            membership__organisation=organisation,
            membership__person__in=people,
        )

    def completed_between(self, first: date | None, last: date | None) -> RecordQuerySet:
        """Return the records of these days, both included; None leaves that side open."""
        records = self
        if first is not None:
            records = records.filter(completed_on__gte=first)
        if last is not None:
            records = records.filter(completed_on__lte=last)
        return records

    def current(self, *, on: date) -> RecordQuerySet:
        """Return records that have neither expired by this day nor been revoked."""
        revoked = RecordEvent.objects.filter(record=models.OuterRef("pk"), kind=EventKind.REVOKED)
        valid = models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=on)
        return self.filter(valid, ~models.Exists(revoked))

    def remove_after_retention(self) -> int:
        """Delete these records with their events, and return how many; the caller logs it.

        This is the one way in which a record ends: by the organisation's retention.
        """
        records = list(self.values_list("pk", flat=True))
        events = RecordEvent.objects.filter(record__in=records)
        events._raw_delete(events.db)
        doomed = Record.objects.filter(pk__in=records)
        doomed._raw_delete(doomed.db)
        return len(records)


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

    objects = RecordQuerySet.as_manager()  # type: ignore[misc]

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
            models.Index(fields=["organisation", "completed_on", "id"], name="record_by_day"),
            models.Index(
                fields=["organisation", "course_code", "completed_on"], name="record_by_course"
            ),
            models.Index(fields=["organisation", "person_name", "id"], name="record_by_name"),
            models.Index(fields=["organisation", "unit_name", "id"], name="record_by_unit"),
            models.Index(fields=["organisation", "course_title", "id"], name="record_by_title"),
            models.Index(fields=["organisation", "expires_on"], name="record_by_last_day"),
            models.Index(fields=["certificate_code"], name="record_by_certificate"),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"


class EventKind(models.TextChoices):
    """What later became of the certificate behind a record."""

    REVOKED = "revoked", _("revoked")
    SUPERSEDED = "superseded", _("replaced")


class RecordEvent(Permanent):
    """A later correction of a record, such as a certificate that was revoked."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind.choices)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("record event")
        verbose_name_plural = _("record events")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "kind"], name="record_event_once")
        ]
        indexes: ClassVar = [
            # Few are revoked; each that is renewed was replaced.
            models.Index(
                fields=["record"],
                condition=models.Q(kind=EventKind.REVOKED),
                name="record_event_revoked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.kind}"
