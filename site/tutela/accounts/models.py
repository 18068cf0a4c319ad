"""The person, the log of what happened, and rows that are never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Never

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from .reasons import told_reason
from .replies import is_about_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class PermanentRowError(RuntimeError):
    """A row that proves something was about to be changed or deleted."""


class PermanentQuerySet[Row: "Permanent"](models.QuerySet[Row]):
    """Reads freely, adds freely, changes only by erasure."""

    def update(self, **kwargs: Any) -> Never:
        raise PermanentRowError(f"{self.model.__name__} rows are written once.")

    def delete(self) -> Never:
        raise PermanentRowError(f"{self.model.__name__} rows are never deleted.")

    def erase(self, **kwargs: Any) -> int:
        """Empty what names a person, and return how many rows it concerned."""
        return super().update(**kwargs)


class Permanent(models.Model):
    """A row that is written once: a correction is a later row, erasure an operation of its own."""

    objects: ClassVar[models.Manager[Any]] = PermanentQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise PermanentRowError(f"{type(self).__name__} rows are written once.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise PermanentRowError(f"{type(self).__name__} rows are never deleted.")


class UserManager(BaseUserManager["User"]):
    """Makes people, whose name is their e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Return a new person; the address is stored in lower case."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Return a new person who may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Wagtail ships no types
    """A person: learner, author, manager or any other role."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    # Asked once, before the first quiz; apart from the account's name, in the person's own script.
    certificate_name = models.CharField(_("name on certificates"), max_length=120, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once_in_any_case",
                violation_error_message=_("Somebody has this e-mail address already."),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], condition=models.Q(is_superuser=True), name="user_superuser"
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Event(Permanent):
    """One line of the log: what happened to which record, by whom; no names, no answers."""

    at = models.DateTimeField(_("at"), db_index=True)
    kind = models.CharField(_("kind"), max_length=60)
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    subject = models.CharField(_("subject"), max_length=120)
    data = models.JSONField(_("data"), default=dict)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [models.Index(fields=["subject"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


def log_event(
    kind: str, *, subject: str, at: datetime, actor: User | None = None, **data: object
) -> Event:
    """Add one line to the log and return it; in the CMS it says why, too (`reasons`)."""
    told = {**told_reason(), **data}
    return Event.objects.create(kind=kind, subject=subject, at=at, actor=actor, data=told)


def forget_reasons(subjects: Iterable[str]) -> None:
    """Empty why something happened to these; that it happened remains.

    Somebody may have named a person there whom she should not have named.
    """
    for event in Event.objects.filter(subject__in=list(subjects), data__has_key="reason"):
        Event.objects.filter(pk=event.pk).erase(data={**event.data, "reason": ""})


class FactorResetQuerySet(models.QuerySet["FactorReset"]):
    def open(self) -> FactorResetQuerySet:
        """Return the resets that were neither stopped nor carried out."""
        return self.filter(stopped_at__isnull=True, done_at__isnull=True)

    def due(self, *, at: datetime) -> FactorResetQuerySet:
        """Return the open resets whose delay is over."""
        return self.open().filter(due_at__lte=at)


class FactorReset(models.Model):
    """An administrator's wish to remove the second factor that a person lost; it waits a day."""

    person = models.ForeignKey(
        User, models.PROTECT, related_name="factor_resets", verbose_name=_("person")
    )
    # Empty where the operator asked on the machine itself.
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("due at"))
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of second factors")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(stopped_at__isnull=True, done_at__isnull=True),
                name="factor_reset_one_open",
                violation_error_message=_("A reset is waiting for this person already."),
            ),
            models.CheckConstraint(
                condition=models.Q(stopped_at__isnull=True) | models.Q(done_at__isnull=True),
                name="factor_reset_stopped_or_done",
            ),
        ]

    def __str__(self) -> str:
        return f"factor reset {self.pk}"


class MailKind(models.IntegerChoices):
    """How much a mail matters: the lower number goes first."""

    CODE = 1, _("asked for just now")
    LETTER = 2, _("must arrive")
    BULK = 3, _("may be stopped")

    @property
    def header(self) -> dict[str, str]:
        """Return the header by which a mail tells the queue its kind; it is never sent."""
        return {MAIL_KIND_HEADER: str(self.value)}


MAIL_KIND_HEADER = "X-Tutela-Kind"


class WaitingMail(models.Model):
    """A mail on its way to the mail server; it is deleted as soon as it was handed over.

    What the running release does not know yet has its default in the database.
    """

    kind = models.PositiveSmallIntegerField(
        _("kind"), choices=MailKind.choices, default=MailKind.LETTER, db_default=MailKind.LETTER
    )
    address = models.CharField(_("e-mail address"), max_length=254, blank=True, db_default="")
    content = models.JSONField(_("content"))
    posted_at = models.DateTimeField(_("posted at"), db_default=Now())
    due_at = models.DateTimeField(_("due at"), db_index=True)
    failures = models.PositiveSmallIntegerField(_("failures"), default=0)
    # What the mail server answered last, as "450 4.2.2".
    reply = models.CharField(_("reply"), max_length=20, blank=True, db_default="")

    class Meta:
        verbose_name = _("waiting mail")
        verbose_name_plural = _("waiting mail")
        # The next one is found without reading what thousands of others say.
        indexes: ClassVar = [models.Index(fields=["kind", "due_at"], name="waiting_mail_order")]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class MailMinute(models.Model):
    """How many mails one minute handed over: in all, or to one domain."""

    minute = models.DateTimeField(_("minute"))
    domain = models.CharField(_("domain"), max_length=253, blank=True)
    mails = models.PositiveIntegerField(_("mails"), default=0)

    class Meta:
        verbose_name = _("mails of a minute")
        verbose_name_plural = _("mails of minutes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["minute", "domain"], name="mail_minute_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.minute} {self.domain}"


class MailServer(models.Model):
    """The one row that says until when a mail server that failed is left alone."""

    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    left_alone_until = models.DateTimeField(_("left alone until"))

    class Meta:
        verbose_name = _("mail server")
        verbose_name_plural = _("mail servers")

    def __str__(self) -> str:
        return f"mail server, left alone until {self.left_alone_until}"


class Sign(models.TextChoices):
    """How we know that an address cannot be reached."""

    REFUSED = "refused", _("The mail server refused it.")
    BOUNCED = "bounced", _("It came back.")


class UndeliverableAddress(models.Model):
    """An address that a mail did not reach: what was in the mail is not kept."""

    address = models.CharField(_("e-mail address"), max_length=254, unique=True)
    sign = models.CharField(_("sign"), max_length=10, choices=Sign.choices)
    reply = models.CharField(_("reply"), max_length=20, blank=True)
    times = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"), db_index=True)

    class Meta:
        verbose_name = _("undeliverable address")
        verbose_name_plural = _("undeliverable addresses")

    def __str__(self) -> str:
        return f"undeliverable address {self.pk}"

    @property
    def stops_bulk(self) -> bool:
        """Return whether mail that may be stopped is no longer sent there."""
        return is_about_address(self.reply)
