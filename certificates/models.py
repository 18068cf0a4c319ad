"""What is issued for a completion: frozen at that moment, in every released language."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Completion
from tutela.accounts.models import Permanent, PermanentQuerySet, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class State(models.TextChoices):
    VALID = "valid", _("valid")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")
    SUPERSEDED = "superseded", _("replaced")
    WITHDRAWN = "withdrawn", _("withdrawn by the holder")


class Fate(models.TextChoices):
    """What can happen to a certificate later, once each; time alone makes it expire."""

    REVOKED = "revoked", _("revoked")
    SUPERSEDED = "superseded", _("replaced")
    WITHDRAWN = "withdrawn", _("withdrawn by the holder")


class CertificateQuerySet(PermanentQuerySet["Certificate"]):
    def of(self, person: User | AnonymousUser) -> CertificateQuerySet:
        """Return a person's own certificates; nobody else sees them."""
        return self.filter(person=person) if person.is_authenticated else self.none()

    def told(self) -> CertificateQuerySet:
        """Return certificates with their completion and events, in two queries however many."""
        return self.select_related("completion").prefetch_related("events")


class Certificate(Permanent):
    """One certificate; its words are frozen, its fate is told by later rows (`CertificateEvent`).

    `code` is 26 characters of Crockford's base 32 (130 random bits): it cannot be guessed.
    `texts` is `{language: {"title", "subtitle", "objectives", "minutes", "reviewed"}}`.
    """

    completion = models.OneToOneField(Completion, models.PROTECT, related_name="certificate")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="certificates"
    )
    code = models.CharField(_("code"), max_length=32, unique=True)
    holder = models.CharField(_("name of the holder"), max_length=120)
    issuer = models.CharField(_("issuer"), max_length=120)
    texts = models.JSONField(_("texts"))
    issued_at = models.DateTimeField(_("issued at"))
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)

    objects = CertificateQuerySet.as_manager()  # type: ignore[misc]  # a narrower manager

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        permissions: ClassVar = [("revoke_certificate", _("Can revoke a certificate"))]

    def __str__(self) -> str:
        return self.code


class CertificateEvent(Permanent):
    """What later happened to a certificate: revoked, superseded or withdrawn, once each."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=12, choices=Fate.choices)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    successor = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("certificate event")
        verbose_name_plural = _("certificate events")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["certificate", "kind"], name="certificate_event_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=Fate.values), name="certificate_event_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Fate.SUPERSEDED, successor__isnull=False)
                | (~models.Q(kind=Fate.SUPERSEDED) & models.Q(successor__isnull=True)),
                name="certificate_event_successor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.kind}"
