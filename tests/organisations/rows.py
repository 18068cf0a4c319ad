"""Rows that the tests of organisations begin with: two organisations, and who looks into them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client

from certificates.issuing import issue_certificate
from certificates.models import Certificate
from courses.models import (
    Change,
    Completion,
    CourseRelease,
    Enrolment,
    LearningObject,
    ObjectKind,
    Review,
    StepProgress,
)
from organisations.founding import Charter, add_unit, appoint, found_organisation, root_of
from organisations.memberships import join
from organisations.models import Membership, Organisation, Record, Role, Unit
from tests.people import signed_in
from tutela.accounts.models import User

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
AT = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
LATER = AT + timedelta(days=1)
TITLES = {"en": "The first safe adult", "fr": "Le premier adulte sûr"}


@dataclass(frozen=True)
class Place:
    """An organisation of three units in two levels, with its people."""

    organisation: Organisation
    root: Unit
    north: Unit
    harbour: Unit
    south: Unit
    manager: User


def make_person(email: str, *, name: str = "Anna Example") -> User:
    given, _, family = name.partition(" ")
    person = User.objects.create_user(
        email, first_name=given, last_name=family, certificate_name=name
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def make_place(slug: str = "first", *, time_zone: str = "UTC", language: str = "en") -> Place:
    """Return an organisation with a root, a northern unit with a harbour below, and a southern."""
    charter = Charter(
        slug, f"Organisation {slug}", language=language, time_zone=time_zone, contact="Room 1"
    )
    organisation = found_organisation(charter, at=LONG_AGO)
    root = root_of(organisation)
    north = add_unit(root, code="N", name="North")
    harbour = add_unit(north, code="NH", name="Harbour")
    south = add_unit(root, code="S", name="South")
    manager = make_person(f"manager@{slug}.example", name="Marta Manager")
    appoint(manager, unit=root, role=Role.MANAGER, at=LONG_AGO)
    return Place(organisation, root, north, harbour, south, manager)


def make_member(
    unit: Unit, *, email: str = "anna@example.org", name: str = "Anna Example", number: str = "7"
) -> Membership:
    return join(
        make_person(email, name=name), unit=unit, name=name, staff_number=number, at=LONG_AGO
    )


def person_of(membership: Membership) -> User:
    """Return the member, who has not closed her account."""
    assert membership.person is not None
    return membership.person


def make_completion(
    person: User,
    *,
    course: str = "foundation",
    at: datetime = AT,
    day: date | None = None,
    expires_on: date | None = date(2029, 3, 2),
    titles: dict[str, str] | None = None,
) -> Completion:
    taught = _object(course, ObjectKind.COURSE)
    CourseRelease.objects.get_or_create(
        course=taught,
        number=1,
        defaults={"outline": {}, "digest": course, "change": Change.MATERIAL, "released_at": at},
    )
    cycle = Enrolment.objects.filter(person=person, course=taught).count() + 1
    enrolment = Enrolment.objects.create(person=person, course=taught, cycle=cycle, enrolled_at=at)
    step = _object(f"{course}-lesson", ObjectKind.LESSON)
    StepProgress.objects.create(enrolment=enrolment, step=step, done_at=at)
    return Completion.objects.create(
        enrolment=enrolment,
        person=person,
        course_code=course,
        sector="all",
        titles=titles or TITLES,
        release_number=1,
        language="en",
        review=Review.NONE,
        minutes=75,
        pass_percent=80,
        completed_at=at,
        completed_on=day or at.date(),
        expires_on=expires_on,
    )


def _object(code: str, kind: ObjectKind) -> LearningObject:
    known = {"key": uuid4(), "kind": kind, "source_locale": "en"}
    return LearningObject.objects.get_or_create(code=code, defaults=known)[0]


def certify(
    person: User,
    *,
    course: str = "foundation",
    at: datetime = AT,
    expires_on: date | None = date(2029, 3, 2),
) -> Certificate:
    """Issue a certificate, which writes the records of every organisation she is a member of."""
    completion = make_completion(person, course=course, at=at, expires_on=expires_on)
    return issue_certificate(completion, at=at)


def make_record(unit: Unit, *, number: int = 1, course: str = "foundation") -> Record:
    """Return the record of a new member of a unit."""
    member = make_member(
        unit,
        email=f"p{number}@{unit.organisation.slug}.example",
        name=f"Person {number}",
        number=str(number),
    )
    certificate = certify(person_of(member), course=course)
    return Record.objects.get(organisation=unit.organisation, certificate_code=certificate.code)


def auditor_of(unit: Unit, *, email: str = "auditor@example.org") -> User:
    person = make_person(email, name="Otto Auditor")
    appoint(person, unit=unit, role=Role.AUDITOR, at=LONG_AGO)
    return person


def enter(person: User | None) -> Client:
    """Return a client of this person, who has a second factor and gave it."""
    if person is not None:
        Authenticator.objects.get_or_create(user=person, type=Authenticator.Type.TOTP, data={})
    return signed_in(person)
