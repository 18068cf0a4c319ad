"""The employer's own copies of completions: how they come, are corrected, and end."""

from __future__ import annotations

from datetime import datetime, time
from itertools import batched
from operator import itemgetter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery

from certificates.models import CertificateEvent, Fate
from courses.models import LearningObject, ObjectKind, Review
from tutela.accounts.models import log_event

from .days import months_before
from .models import EventKind, Membership, Organisation, Record, RecordEvent

if TYPE_CHECKING:
    from datetime import date

    from certificates.models import Certificate
    from courses.models import Completion

    from .models import MembershipQuerySet, RecordQuerySet

BATCH = 500


def record_completion(certificate: Certificate, *, at: datetime) -> RecordQuerySet:
    """Return the records of a certificate, one for each membership of its holder at this instant.

    A repeated call adds nothing: the database holds one record a certificate and organisation.
    """
    memberships = (
        Membership.objects.active(at=at)
        .filter(person__isnull=False, person=certificate.person_id)
        .select_related("organisation", "unit")
    )
    Record.objects.bulk_create(
        [_copy(certificate, membership, at=at) for membership in memberships],
        ignore_conflicts=True,
    )
    return Record.objects.filter(certificate_code=certificate.code)


def record_revocation(certificate: Certificate, *, at: datetime) -> None:
    """Note on every record of a certificate that it was revoked, once."""
    records = Record.objects.filter(certificate_code=certificate.code)
    _note(records, kind=EventKind.REVOKED, at=at)


def record_replacements(certificate: Certificate, *, at: datetime) -> None:
    """Note on the records of earlier certificates that this one replaced them, once."""
    if certificate.completion.enrolment.cycle == 1:
        return
    replaced = CertificateEvent.objects.filter(kind=Fate.SUPERSEDED, successor=certificate)
    records = Record.objects.filter(certificate_code__in=replaced.values("certificate__code"))
    _note(records, kind=EventKind.SUPERSEDED, at=at)


def course_titles(records: RecordQuerySet) -> dict[str, str]:
    """Return the code and newest title of every course in these records, by title.

    Each course is looked up in an index: however many records there are, none is counted.
    """
    of_course = records.filter(course_code=OuterRef("code")).order_by("-completed_on")
    titles = (
        LearningObject.objects.filter(kind=ObjectKind.COURSE)
        .annotate(title=Subquery(of_course.values("course_title")[:1]))
        .filter(title__isnull=False)
    )
    return dict(sorted(titles.values_list("code", "title"), key=itemgetter(1)))


def end_retention(*, at: datetime) -> int:
    """Delete the records whose retention is over, and return how many they were."""
    return sum(
        _end_retention_of(organisation, at=at) for organisation in Organisation.objects.all()
    )


def past_retention(organisation: Organisation, *, at: datetime) -> RecordQuerySet:
    """Return the records that expired, or whose person left, longer ago than they are kept."""
    over = past_retention_of(organisation, person="membership__person", at=at)
    return Record.objects.filter(over, organisation=organisation)


def past_retention_of(organisation: Organisation, *, person: str, at: datetime) -> Q:
    """Return the condition that a row with `expires_on` is kept no longer; `person` leads to whom.

    What never expires is kept for as long as the person is a member. Of who closed her account,
    the one membership counts that her records point to.
    """
    cutoff = _first_kept_day(organisation, at=at)
    stays = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=_beginning(cutoff, organisation)),
        organisation=organisation,
    )
    stay = Q(Exists(stays.filter(person=OuterRef(person))))
    if person == "membership__person":
        stay |= Q(Exists(stays.filter(pk=OuterRef("membership"))))
    return Q(expires_on__lt=cutoff) | (Q(expires_on__isnull=True) & ~stay)


def forgotten_memberships(organisation: Organisation, *, at: datetime) -> MembershipQuerySet:
    """Return memberships that ended longer ago than records are kept and that no record needs."""
    cutoff = _beginning(_first_kept_day(organisation, at=at), organisation)
    records = Record.objects.filter(membership=OuterRef("pk"))
    return organisation.memberships.filter(~Exists(records), until__lt=cutoff)


def _note(records: RecordQuerySet, *, kind: EventKind, at: datetime) -> None:
    RecordEvent.objects.bulk_create(
        [RecordEvent(record=record, kind=kind, at=at) for record in records],
        ignore_conflicts=True,
    )


def _first_kept_day(organisation: Organisation, *, at: datetime) -> date:
    return months_before(organisation.day(at), organisation.retention_months)


def _beginning(day: date, organisation: Organisation) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(organisation.time_zone))


def _end_retention_of(organisation: Organisation, *, at: datetime) -> int:
    removed = 0
    # Small transactions: learners who submit a quiz meanwhile wait for one batch at most.
    doomed = list(past_retention(organisation, at=at).values_list("pk", flat=True))
    for batch in batched(doomed, BATCH):
        with transaction.atomic():
            # Asked again: she may have come back meanwhile.
            still = past_retention(organisation, at=at).filter(pk__in=batch)
            removed += still.remove_after_retention()
    with transaction.atomic():
        left, _ = forgotten_memberships(organisation, at=at).delete()
        if removed or left:
            log_event(
                "records.retention_ended",
                subject=f"organisation {organisation.pk}",
                at=at,
                records=removed,
                memberships=left,
            )
    return removed


def _copy(certificate: Certificate, membership: Membership, *, at: datetime) -> Record:
    """Return the record as it is frozen: days in the organisation's zone, words in its language."""
    completion = certificate.completion
    organisation, unit = membership.organisation, membership.unit
    completed_on = organisation.day(completion.completed_at)
    # The certificate counts from the day in the person's zone; the record is valid as long.
    shift = completed_on - completion.completed_on
    expires_on = completion.expires_on
    return Record(
        organisation=organisation,
        membership=membership,
        unit=unit,
        unit_code=unit.code,
        unit_name=unit.name,
        person_name=membership.name,
        staff_number=membership.staff_number,
        course_code=completion.course_code,
        course_title=_title(completion, language=organisation.language),
        release_number=completion.release_number,
        language=completion.language,
        reviewed=completion.review == Review.PROFESSIONAL,
        completed_on=completed_on,
        expires_on=expires_on and expires_on + shift,
        certificate_code=certificate.code,
        recorded_at=at,
    )


def _title(completion: Completion, *, language: str) -> str:
    """Return the course's title in a language, else in its source language."""
    titles: dict[str, str] = completion.titles
    source = completion.enrolment.course.source_locale
    return titles.get(language) or titles.get(source) or completion.course_code
