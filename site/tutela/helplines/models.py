"""Whom to call, and what the duty to report is: dated, verified by a named person, expiring."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import RevisionMixin

from .countries import EUROPE, WORLD, language_names, name_of, named

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser
    from django.db.models.sql.compiler import SQLCompiler

    from tutela.accounts.models import User

MOST_DAYS = 180
dialled = RegexValidator(
    r"^\+?[0-9][0-9 /()-]*$", _("A number in digits, with spaces or hyphens if you like.")
)
SOON = timedelta(days=30)


class Kind(models.TextChoices):
    """What a service is. A helpline listens and supports; a hotline receives reports."""

    EMERGENCY = "emergency", _("Emergency number")
    CHILD_HELPLINE = "child_helpline", _("Helpline for children and young people")
    MISSING_CHILDREN = "missing_children", _("Missing children")
    VICTIM_SUPPORT = "victim_support", _("Support for victims of crime")
    TRAFFICKING = "trafficking", _("Trafficking in human beings")
    ILLEGAL_CONTENT = "illegal_content_report", _("Report illegal content")
    ADULT_SUPPORT = "adult_support", _("Support for adults")
    CHAT = "chat", _("Chat")
    PREVENTION = "prevention", _("Worried about your own thoughts or behaviour")


class Status(models.TextChoices):
    """What an editor says. That a record expired is no status: its dates say so."""

    DRAFT = "draft", _("draft")
    VERIFIED = "verified", _("verified")


class State(models.TextChoices):
    """What a record is on a day."""

    DRAFT = "draft", _("draft")
    VERIFIED = "verified", _("verified")
    EXPIRED = "expired", _("expired")


class SourceStatus(models.TextChoices):
    """How well a starter record was confirmed when it was written down."""

    VERIFIED = "V", _("V: compared with a published text")
    PARTLY = "P", _("P: partly confirmed")
    KNOWN = "K", _("K: professional knowledge, not confirmed")


def places() -> list[tuple[str, str]]:
    """Return what a record can be about: every country, Europe, the world."""
    language = get_language() or "en"
    wider = [(place, name_of(place, language=language)) for place in (EUROPE, WORLD)]
    return [*wider, *named(language=language)]


def languages() -> list[tuple[str, str]]:
    """Return the languages in which national information is written."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


class DaysBetween(models.Func):
    """The number of days from the second date to the first."""

    output_field = models.IntegerField()
    arity = 2

    def as_sqlite(
        self, compiler: SQLCompiler, connection: Any, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        # Not timedelta: SQLite's own tools, which check constraints too, do not know Django's functions.
        (end, ends), (start, starts) = map(compiler.compile, self.get_source_expressions())
        return f"(julianday({end}) - julianday({start}))", (*ends, *starts)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: Any, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        (end, ends), (start, starts) = map(compiler.compile, self.get_source_expressions())
        return f"(({end})::date - ({start})::date)", (*ends, *starts)


class DatedQuerySet[Row: "Dated"](models.QuerySet[Row]):
    """Asks for records by what they are on a day, and by whose they are."""

    def verified(self) -> Self:
        """Return what was verified at some time, expired or not."""
        return self.filter(status=Status.VERIFIED)

    def shown(self, *, on: date) -> Self:
        """Return what may be shown on a day: verified, and not expired."""
        return self.verified().filter(verified_on__lte=on, review_due__gte=on)

    def expired(self, *, on: date) -> Self:
        """Return what was verified, and is not shown any more."""
        return self.verified().filter(review_due__lt=on)

    def expiring(self, *, on: date) -> Self:
        """Return what must be verified anew within a month, or should have been."""
        return self.verified().filter(review_due__lt=on + SOON)

    def in_state(self, state: str, *, on: date) -> Self:
        """Return what is in one of the states on a day."""
        if state == State.DRAFT:
            return self.exclude(status=Status.VERIFIED, verified_on__lte=on)
        return self.expired(on=on) if state == State.EXPIRED else self.shown(on=on)

    def edited_by(self, person: User | AnonymousUser) -> Self:
        """Return the records of the countries that a person was given; administrators have all."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        if person.has_perm("helplines.edit_every_country"):
            return self.all()
        return self.filter(
            country__in=CountryEditor.objects.filter(person=person).values("country")
        )


class Dated(RevisionMixin, models.Model):
    """A record of one country that says when, by whom and from which source it was verified."""

    country = models.CharField(_("country"), max_length=3, choices=places)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    source_url = models.URLField(
        _("address of the source"), blank=True, help_text=_("The operator's own page.")
    )
    verified_on = models.DateField(
        _("verified on"),
        null=True,
        blank=True,
        help_text=_("The day of the call, or of the look at the operator's own page."),
    )
    verified_by = models.CharField(
        _("verified by"), max_length=120, blank=True, help_text=_("Name and office of the person.")
    )
    review_due = models.DateField(
        _("review due"),
        null=True,
        blank=True,
        help_text=_("At most 180 days later. From the next day on the record is not shown."),
    )

    objects: ClassVar[models.Manager[Any]] = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def country_name(self) -> str:
        """The country's name in the language that is spoken."""
        return name_of(self.country, language=get_language() or "en")

    def state(self, *, on: date) -> State:
        """Return what the record is on a day; one verified on a day to come is verified by nobody yet."""
        if self.status != Status.VERIFIED or self.verified_on is None or self.review_due is None:
            return State.DRAFT
        if self.verified_on > on:
            return State.DRAFT
        return State.EXPIRED if self.review_due < on else State.VERIFIED


def promises(name: str, *, essence: Q, message: Any) -> list[models.BaseConstraint]:
    """Return what the database holds a kind of record to; what is verified has its `essence`."""
    days = DaysBetween("review_due", "verified_on")
    dated = Q(verified_on__isnull=False, review_due__isnull=False)
    proven = dated & ~Q(verified_by="") & ~Q(source_url="")
    return [
        models.CheckConstraint(
            condition=Q(status=Status.DRAFT) | (proven & essence),
            name=f"{name}_verified_is_whole",
            violation_error_message=message,
        ),
        models.CheckConstraint(
            condition=Q(verified_on__isnull=True)
            | Q(review_due__isnull=True)
            | (Q(GreaterThanOrEqual(days, 0)) & Q(LessThanOrEqual(days, MOST_DAYS))),
            name=f"{name}_review_in_time",
            violation_error_message=_(
                "The review is due on the day of verification at the earliest, 180 days later at the "
                "latest."
            ),
        ),
    ]


class Helpline(Dated):
    """One service of one country."""

    # Only what came with Tutela has one: it is how a second loading knows it again.
    code = models.SlugField(_("code"), max_length=60, blank=True, editable=False)
    region = models.CharField(
        _("region"), max_length=80, blank=True, help_text=_("Only where it serves a part.")
    )
    name = models.CharField(_("name"), max_length=120)
    operator = models.CharField(_("operator"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    number = models.CharField(
        _("number"),
        max_length=40,
        blank=True,
        validators=[dialled],
        help_text=_("As it is dialled."),
    )
    text_number = models.CharField(
        _("number for text messages"), max_length=40, blank=True, validators=[dialled]
    )
    url = models.URLField(_("web address"), blank=True)
    languages = models.CharField(
        _("languages"),
        max_length=80,
        blank=True,
        validators=[RegexValidator(r"^[a-z]{2,3}( *, *[a-z]{2,3})*$")],
        help_text=_("Codes with commas: fr, en."),
    )
    hours = models.CharField(
        _("hours"), max_length=120, blank=True, help_text=_("In digits where you can: 24/7.")
    )
    free_of_charge = models.BooleanField(_("free of charge"), default=False)
    reachable_from_abroad = models.BooleanField(_("reachable from abroad"), default=False)
    for_children = models.BooleanField(_("for children"), default=False)
    for_adults = models.BooleanField(_("for adults"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_status = models.CharField(
        _("status of the source"), max_length=1, choices=SourceStatus.choices, blank=True
    )

    class Meta:
        verbose_name = _("helpline")
        verbose_name_plural = _("helplines")
        permissions: ClassVar = [("edit_every_country", "Can edit the records of every country")]
        indexes: ClassVar = [models.Index(fields=["country", "kind"], name="helpline_country_kind")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="helpline_code_once"
            ),
            *promises(
                "helpline",
                essence=~Q(number="") | ~Q(url=""),
                message=_(
                    "A verified helpline has a number or a web address, the address of its source, "
                    "who verified it and when, and when it is due again."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_name} · {self.name}"

    @property
    def language_names(self) -> list[str]:
        """The languages it speaks, named in the one that is spoken here."""
        return language_names(self.languages, language=get_language() or "en")


class NationalInformation(Dated):
    """What one country asks of whoever learns of a child at risk, in one language."""

    language = models.CharField(_("language"), max_length=12, choices=languages)
    emergency_number = models.CharField(
        _("emergency number"), max_length=40, blank=True, validators=[dialled]
    )
    child_protection_service = models.CharField(
        _("child-protection service"), max_length=300, blank=True
    )
    police_contact = models.CharField(_("police"), max_length=300, blank=True)
    helpline_children = models.CharField(_("helpline for children"), max_length=300, blank=True)
    helpline_adults = models.CharField(_("helpline for adults"), max_length=300, blank=True)
    missing_children_line = models.CharField(_("missing children"), max_length=300, blank=True)
    illegal_content_hotline = models.CharField(
        _("hotline for illegal content"), max_length=300, blank=True
    )
    trafficking_helpline = models.CharField(
        _("helpline on trafficking in human beings"), max_length=300, blank=True
    )
    reporting_duty_summary = models.TextField(_("the duty to report"), blank=True)
    legal_reference = models.CharField(_("legal reference"), max_length=300, blank=True)
    who_is_bound = models.TextField(_("who is bound"), blank=True)
    time_limit = models.CharField(_("time limit"), max_length=300, blank=True)
    protection_for_reporter = models.TextField(_("protection of who reports"), blank=True)
    data_protection_note = models.TextField(_("data protection"), blank=True)

    class Meta:
        verbose_name = _("national information")
        verbose_name_plural = _("national information")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["country", "language"],
                name="national_information_once_a_language",
                violation_error_message=_("This country has information in this language already."),
            ),
            *promises(
                "national_information",
                essence=~Q(emergency_number="") & ~Q(reporting_duty_summary=""),
                message=_(
                    "Verified information has the emergency number, the duty to report, the address "
                    "of its source, who verified it and when, and when it is due again."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_name} · {self.get_language_display()}"

    @property
    def details(self) -> list[tuple[str, str]]:
        """What is filled in beside the duty itself, each with its name."""
        fields = list(NationalInformation._meta.local_concrete_fields)
        names = [field.name for field in fields]
        return [
            (capfirst(str(field.verbose_name)), text)
            for field in fields[names.index("child_protection_service") :]
            if field.name != "reporting_duty_summary" and (text := getattr(self, field.name))
        ]


class CountryEditor(models.Model):
    """A country whose records a person may edit; administrators say so."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    country = models.CharField(_("country"), max_length=3, choices=places)

    class Meta:
        verbose_name = _("country of an editor")
        verbose_name_plural = _("countries of editors")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "country"],
                name="country_editor_once",
                violation_error_message=_("This person edits this country already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.country_name}"

    @property
    def country_name(self) -> str:
        """The country's name in the language that is spoken."""
        return name_of(self.country, language=get_language() or "en")
