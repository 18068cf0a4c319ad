"""What must hold of memberships and records; every breach is one line."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q

from certificates.models import Certificate

from .exports import write_csv
from .models import Appointment, Membership, Organisation, Record, Unit
from .records import past_retention_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

BATCH = 2000


def breaches(*, at: datetime) -> Iterator[str]:
    """Yield one line for each record, membership or appointment that breaks a promise.

    Memory stays the same however many rows there are.
    """
    yield from _missing_records(at=at)
    yield from _orphans()
    yield from _twice()
    yield from _strangers()
    yield from _broken_trees()
    yield from _export_lines(at=at)


def _missing_records(*, at: datetime) -> Iterator[str]:
    """Yield certificates without the record of an organisation whose member the holder then was."""
    for organisation in Organisation.objects.order_by("pk"):
        theirs = Membership.objects.filter(
            Q(until__isnull=True) | Q(until__gt=OuterRef("issued_at")),
            organisation=organisation,
            person=OuterRef("person"),
            since__lte=OuterRef("issued_at"),
        )
        recorded = Record.objects.filter(
            organisation=organisation, certificate_code=OuterRef("code")
        )
        people = organisation.memberships.values("person")
        missing = Certificate.objects.filter(
            Exists(theirs), ~Exists(recorded), person__in=people
        ).exclude(past_retention_of(organisation, person="person", at=at))
        for number in (
            missing.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)
        ):
            yield f"organisation {organisation.slug}: certificate {number} has no record"


def _orphans() -> Iterator[str]:
    issued = Certificate.objects.filter(code=OuterRef("certificate_code"))
    orphans = Record.objects.exclude(certificate_code="").filter(~Exists(issued))
    for number in orphans.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH):
        yield f"record {number}: its certificate does not exist"
    known = issued.filter(
        completion__course_code=OuterRef("course_code"),
        completion__release_number=OuterRef("release_number"),
        completion__language=OuterRef("language"),
    )
    false = Record.objects.filter(Exists(issued), ~Exists(known))
    for number in false.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH):
        yield f"record {number}: it differs from the completion behind its certificate"


def _twice() -> Iterator[str]:
    records = Record.objects.exclude(certificate_code="").order_by()
    counted = records.values_list("organisation__slug", "certificate_code")
    for slug, code, count in counted.annotate(count=Count("pk")).filter(count__gt=1).iterator():
        yield f"organisation {slug}: certificate {code} has {count} records"


def _strangers() -> Iterator[str]:
    """Yield rows whose parts belong to different organisations."""
    for model, path in (
        (Membership, "unit__organisation"),
        (Appointment, "unit__organisation"),
        (Record, "unit__organisation"),
        (Record, "membership__organisation"),
    ):
        mixed = model.objects.exclude(**{path: F("organisation")}).order_by("pk")
        for number in mixed.values_list("pk", flat=True).iterator(chunk_size=BATCH):
            name, other = model._meta.model_name, path.partition("__")[0]
            yield f"{name} {number}: its {other} belongs to another organisation"


def _broken_trees() -> Iterator[str]:
    """Yield organisations whose units are not one tree."""
    for organisation in Organisation.objects.order_by("pk"):
        units = Unit.objects.filter(organisation=organisation)
        roots = list(units.filter(depth=1).values_list("path", flat=True)[:2])
        if len(roots) != 1:
            yield f"organisation {organisation.slug}: its units do not have exactly one root"
            continue
        strays = units.exclude(path__startswith=roots[0]).order_by("pk")
        for code in strays.values_list("code", flat=True).iterator(chunk_size=BATCH):
            yield f"organisation {organisation.slug}: unit {code} stands in another tree"


def _export_lines(*, at: datetime) -> Iterator[str]:
    """Yield organisations whose export has more or fewer lines than they have records."""
    for organisation in Organisation.objects.order_by("pk"):
        records = Record.objects.filter(organisation=organisation)
        chunks = write_csv(records, language=organisation.language, on=organisation.day(at))
        lines = sum(1 for _line in csv.reader(_lines(chunks))) - 1
        if lines != (count := records.count()):
            yield f"organisation {organisation.slug}: {count} records but {lines} export lines"


def _lines(chunks: Iterator[bytes]) -> Iterator[str]:
    """Yield the lines of a file that comes in chunks."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.decode() + "\n" for line in whole)
    if rest:
        yield rest.decode()
