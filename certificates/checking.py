"""What must always hold of certificates; `check_records` prints a line for each breach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from courses.models import Completion

from .codes import is_code
from .models import Certificate, CertificateEvent, Fate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet


def breaches() -> Iterator[str]:
    """Yield one line for each record that breaks a promise of this room."""
    for completion in Completion.objects.filter(certificate=None).values_list("pk", flat=True):
        yield f"completion {completion}: no certificate was issued for it"
    for words, broken in _promises():
        for number in broken.values_list("pk", flat=True).order_by("pk"):
            yield f"certificate {number}: {words}"
    rows = Certificate.objects.values_list("pk", "code", "texts", "completion__titles")
    for number, code, texts, titles in rows.iterator(chunk_size=2000):
        if not is_code(code):
            yield f"certificate {number}: its code has not the form of a code"
        if missing := set(titles) - set(texts):
            yield f"certificate {number}: it lacks the language {', '.join(sorted(missing))}"


def _promises() -> list[tuple[str, QuerySet[Certificate]]]:
    """Return each promise that a query can check, as the words for its breach and who broke it."""
    every = Certificate.objects.all()
    withdrawn = Exists(
        CertificateEvent.objects.filter(certificate=OuterRef("pk"), kind=Fate.WITHDRAWN)
    )
    strange = CertificateEvent.objects.filter(kind=Fate.SUPERSEDED).exclude(
        successor__completion__course_code=F("certificate__completion__course_code")
    )
    return [
        (
            "its person is not the completion's",
            every.filter(_differs("person", "completion__person")),
        ),
        (
            "its day is not the completion's",
            every.filter(_differs("issued_on", "completion__completed_on")),
        ),
        (
            "its last day is not the completion's",
            every.filter(_differs("expires_on", "completion__expires_on")),
        ),
        ("it names a holder though nobody holds it", every.filter(person=None).exclude(holder="")),
        ("it names no holder", every.exclude(person=None).filter(holder="")),
        ("nobody holds it, yet it was not withdrawn", every.filter(~withdrawn, person=None)),
        ("it was withdrawn, yet somebody holds it", every.filter(withdrawn).exclude(person=None)),
        (
            "another course replaced it",
            every.filter(Exists(strange.filter(certificate=OuterRef("pk")))),
        ),
    ]


def _differs(mine: str, theirs: str) -> Q:
    """Return the condition that two fields differ; NULL equals NULL here, as it never does in SQL."""
    both = Q(**{f"{mine}__isnull": False, f"{theirs}__isnull": False})
    only_one = Q(**{f"{mine}__isnull": True, f"{theirs}__isnull": False}) | Q(
        **{f"{mine}__isnull": False, f"{theirs}__isnull": True}
    )
    return only_one | (both & ~Q(**{mine: F(theirs)}))
