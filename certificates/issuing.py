"""Issuing a certificate, and what may happen to it later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction

from courses.api import course_texts
from courses.models import Completion, CourseLanguage, Review
from tutela.accounts.models import User, forget_reasons, log_event

from .codes import new_code
from .models import Certificate, CertificateEvent, Fate
from .signals import certificate_issued, certificate_revoked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    type Texts = dict[str, dict[str, Any]]


class NameMissingError(RuntimeError):
    """Nobody asked the person yet which name to print; it is asked before the first quiz."""


class ReasonMissingError(ValueError):
    """A certificate is never revoked without saying why."""


def issue_certificate(
    completion: Completion, *, at: datetime, texts: Texts | None = None
) -> Certificate:
    """Return the certificate of a completion, issuing it the first time; there is never a second.

    `texts` is what it says of the course by language; without it, what is published now.
    Raises `NameMissingError` if there is no name to print.
    """
    existing = Certificate.objects.filter(completion=completion).first()
    if existing is not None:
        return existing
    new = Certificate(
        completion=completion,
        person=completion.person,
        code=new_code(),
        holder=printed_name(completion.person),
        issuer=settings.SITE_NAME,
        texts=frozen_texts(completion, texts),
        issued_at=at,
        issued_on=completion.completed_on,
        expires_on=completion.expires_on,
    )
    try:
        with transaction.atomic():
            new.save()
            supersede_older(new, at=at)
            log_event("certificate.issued", subject=subject_of(new), at=at)
            certificate_issued.send(sender=Certificate, certificate=new, at=at)
    except IntegrityError:
        # Of two at once, the unique completion lets one through; the other gets what it made.
        return Certificate.objects.get(completion=completion)
    return new


def name_person(person: User, *, name: str) -> None:
    """Keep the name to print on this person's certificates; those already issued keep theirs."""
    person.certificate_name = name
    person.save(update_fields=["certificate_name"])


def printed_name(person: User | None) -> str:
    """Return the name to print: the one asked for, else the account's.

    Raises `NameMissingError` if there is neither.
    """
    name = "" if person is None else person.certificate_name or person.get_full_name()
    if not name.strip():
        raise NameMissingError("A certificate needs a name to print.")
    return name.strip()


def frozen_texts(completion: Completion, texts: Texts | None = None) -> Texts:
    """Return what the certificate says of the course, in every language of the completion.

    A text counts as reviewed when a professional reviewed it and also the text she learned from.
    """
    # Where nothing was offered any more at that moment, the certificate still names the course.
    titles = completion.titles or {completion.language: completion.course_code}
    said = _published_texts(completion, titles) if texts is None else texts
    learned_from_reviewed = completion.review == Review.PROFESSIONAL
    return {
        language: {
            "title": title,
            "subtitle": said.get(language, {}).get("subtitle", ""),
            "objectives": list(said.get(language, {}).get("objectives", [])),
            "minutes": completion.minutes,
            "reviewed": learned_from_reviewed and said.get(language, {}).get("reviewed", False),
        }
        for language, title in titles.items()
    }


def _published_texts(completion: Completion, languages: Iterable[str]) -> Texts:
    reviewed = set(
        CourseLanguage.objects.filter(
            course__code=completion.course_code, review=Review.PROFESSIONAL
        ).values_list("locale", flat=True)
    )
    texts = course_texts(completion.course_code, list(languages))
    return {code: {**words, "reviewed": code in reviewed} for code, words in texts.items()}


def supersede_older(certificate: Certificate, *, at: datetime) -> None:
    """Mark the certificates of the person's earlier cycles of this course as replaced."""
    completion = certificate.completion
    if completion.enrolment.cycle == 1:
        return
    older = Certificate.objects.filter(
        person=certificate.person,
        completion__course_code=completion.course_code,
        completion__enrolment__cycle__lt=completion.enrolment.cycle,
    ).exclude(events__kind=Fate.SUPERSEDED)
    CertificateEvent.objects.bulk_create(
        CertificateEvent(certificate=old, kind=Fate.SUPERSEDED, at=at, successor=certificate)
        for old in older
    )


def revoke_certificate(
    certificate: Certificate, *, by: User, reason: str, at: datetime
) -> CertificateEvent:
    """Revoke a certificate and return the event; the first reason stands.

    Raises `ReasonMissingError` for an empty reason.
    """
    if not reason.strip():
        raise ReasonMissingError("A certificate is revoked with a reason.")
    with transaction.atomic():
        event, created = CertificateEvent.objects.get_or_create(
            certificate=certificate,
            kind=Fate.REVOKED,
            defaults={"by": by, "reason": reason.strip(), "at": at},
        )
        if created:
            log_event("certificate.revoked", subject=subject_of(certificate), at=at, actor=by)
            certificate_revoked.send(sender=Certificate, certificate=certificate, at=at)
    return event


def withdraw_certificates(person: User, *, at: datetime) -> int:
    """Empty a person's certificates of who she is, and return how many there were.

    They stay countable, and whoever checks one is told that its holder withdrew it. A reason may
    name her, so it goes too.
    """
    with transaction.atomic():
        own = list(Certificate.objects.of(person))
        CertificateEvent.objects.bulk_create(
            (CertificateEvent(certificate=row, kind=Fate.WITHDRAWN, at=at) for row in own),
            ignore_conflicts=True,
        )
        CertificateEvent.objects.filter(certificate__in=own).erase(reason="")
        forget_reasons(subject_of(certificate) for certificate in own)
        for certificate in own:
            log_event("certificate.withdrawn", subject=subject_of(certificate), at=at)
        return Certificate.objects.of(person).erase(person=None, holder="")


def subject_of(certificate: Certificate) -> str:
    """Return how the log names a certificate: by its number, which leads to nobody."""
    return f"certificate {certificate.pk}"
