"""Rows that the tests of certificates begin with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

from certificates.issuing import issue_certificate
from certificates.models import Certificate
from courses.models import Completion, Enrolment, LearningObject, ObjectKind, Review
from tutela.accounts.models import User

AT = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
TODAY = AT.date()
TITLES = {"en": "Foundation", "fr": "Socle commun"}


def make_person(email: str = "anna@example.org", name: str = "Anna Example") -> User:
    return User.objects.create_user(email, certificate_name=name)


def make_completion(
    person: User | None,
    *,
    course: str = "foundation",
    cycle: int = 1,
    titles: dict[str, str] | None = None,
    expires_on: date | None = date(2029, 11, 24),
) -> Completion:
    known = {"key": uuid4(), "kind": ObjectKind.COURSE, "source_locale": "en"}
    taught, _made = LearningObject.objects.get_or_create(code=course, defaults=known)
    enrolment = Enrolment.objects.create(person=person, course=taught, cycle=cycle, enrolled_at=AT)
    return Completion.objects.create(
        enrolment=enrolment,
        person=person,
        course_code=course,
        sector="all",
        titles=TITLES if titles is None else titles,
        release_number=1,
        language="en",
        review=Review.NONE,
        minutes=75,
        pass_percent=80,
        completed_at=AT,
        completed_on=TODAY,
        expires_on=expires_on,
    )


def make_certificate(
    person: User | None = None,
    *,
    course: str = "foundation",
    cycle: int = 1,
    titles: dict[str, str] | None = None,
    expires_on: date | None = date(2029, 11, 24),
) -> Certificate:
    completion = make_completion(
        person or make_person(), course=course, cycle=cycle, titles=titles, expires_on=expires_on
    )
    return issue_certificate(completion, at=AT)


def holder_of(certificate: Certificate) -> User:
    """Return the person of a certificate that was not withdrawn."""
    assert certificate.person is not None
    return certificate.person
