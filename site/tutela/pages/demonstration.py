"""The demonstration organisation: invented adults at work who learned over two years.

Everything is made by the same operations as in real life, with the instant passed in; every person
and place is invented.
"""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from certificates.api import revoke_certificate
from certificates.models import Certificate
from courses.api import course_map, enrol, finish_lesson, start_quiz
from courses.outline import LESSON
from organisations.api import (
    Charter,
    add_unit,
    appoint,
    end_membership,
    found_organisation,
    join,
    root_of,
)
from organisations.models import Organisation, Role
from quizzes.api import answer, submit_attempt
from tutela.accounts.models import User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from courses.catalogue import CourseMap
    from courses.outline import Step
    from organisations.models import Membership, Unit

SLUG = "demo"
MEMBERS = 60
DAYS = 730
DILIGENT = 0.8  # the share that takes a course to its end
GIVEN = [
    "Adèle",
    "Alma",
    "Amir",
    "Anouk",
    "Bence",
    "Clara",
    "Dario",
    "Edita",
    "Emil",
    "Fatima",
    "Goran",
    "Hanna",
    "Ilya",
    "Irena",
    "Jonas",
    "Katya",
    "Lina",
    "Marek",
    "Mira",
    "Nadia",
    "Olek",
    "Petra",
    "Rafael",
    "Sanna",
    "Tamar",
    "Tomas",
    "Vera",
    "Yusuf",
    "Zoé",
    "Zoran",
]
FAMILY = [
    "Albers",
    "Baran",
    "Castel",
    "Dahl",
    "Eriksen",
    "Ferrand",
    "Galli",
    "Hoxha",
    "Ivanova",
    "Jansen",
    "Kovač",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Petrov",
    "Quinn",
    "Rossi",
    "Sarkis",
    "Toth",
    "Ulmanis",
    "Varga",
    "Weiss",
    "Yilmaz",
    "Zeller",
]
UNITS = {
    "POL": ("Police service", {"POL-N": "Northern district", "POL-S": "Southern district"}),
    "BOR": ("Border service", {"BOR-A": "Airport", "BOR-R": "Rail and road"}),
    "SOC": ("Social services", {}),
}
STAFF = {
    "learner": (),
    "trainer": ("Authors", "Publishers"),
    "reviewer": ("Reviewers",),
    "manager": (),
    "administrator": ("Administrators",),
}


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody needs to sign in to the demonstration."""

    role: str
    email: str
    password: str


def make_demonstration(*, at: datetime, say: Callable[[str], None]) -> list[Login]:
    """Make the demonstration unless it stands, and return the new logins (none if it stood).

    All of it stands or none: an interrupted start begins again.
    """
    if Organisation.objects.filter(slug=SLUG).exists():
        return []
    chance = random.Random(1506)  # noqa: S311  (the same demonstration everywhere)
    began = at - timedelta(days=DAYS)
    with transaction.atomic():
        logins = [_staff(role) for role in STAFF]
        people = {login.role: User.objects.get(email=login.email) for login in logins}
        charter = Charter(
            slug=SLUG, name="Demonstration authority", contact=people["manager"].email
        )
        organisation = found_organisation(charter, at=began)
        units = _units(root_of(organisation))
        appoint(people["manager"], unit=root_of(organisation), role=Role.MANAGER, at=began)
        _join(people["learner"], units[0], number="D-0001", at=at)
        say(f"demonstration: {MEMBERS} members learn")
        members = list(_members(units, chance, began))
        _learn_all(members, chance, at)
        _end_some(members, people["manager"], chance, at)
        _revoke_one(people["administrator"], at)
    return logins


def _staff(role: str) -> Login:
    login = Login(role, f"{role}@demo.invalid", secrets.token_urlsafe(12))
    user = _person(login.email, login.password, f"Demo {role.capitalize()}")
    user.groups.set(Group.objects.filter(name__in=STAFF[role]))
    if role == "administrator":
        User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    return login


def _person(email: str, password: str | None, name: str) -> User:
    given, _, family = name.partition(" ")
    user = User.objects.create_user(email, password, first_name=given, last_name=family)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _units(root: Unit) -> list[Unit]:
    """Return the units in which people work: the leaves."""
    leaves = []
    for code, (name, parts) in UNITS.items():
        unit = add_unit(root, code=code, name=name)
        below = [add_unit(unit, code=part, name=title) for part, title in parts.items()]
        leaves += below or [unit]
    return leaves


def _join(person: User, unit: Unit, *, number: str, at: datetime) -> Membership:
    name = person.get_full_name()
    return join(person, unit=unit, name=name, staff_number=number, at=at)


def _members(units: list[Unit], chance: random.Random, began: datetime) -> Iterator[Membership]:
    names = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    for number, name in enumerate(chance.sample(names, MEMBERS), start=2):
        person = _person(f"member-{number}@demo.invalid", None, name)
        person.certificate_name = name
        person.save(update_fields=["certificate_name"])
        joined = began + timedelta(days=chance.randrange(DAYS - 90))
        yield _join(person, units[number % len(units)], number=f"D-{number:04}", at=joined)


def _learn_all(members: list[Membership], chance: random.Random, at: datetime) -> None:
    """Let most complete the foundation, many the policing course, and some be on their way."""
    for place, member in enumerate(members):
        language = "fr" if place % 3 == 0 else "en"
        moments = _moments(member.since + timedelta(days=chance.randrange(2, 40)), at, chance)
        for code in ("foundation", "policing"):
            course = course_map(code=code, language=language)
            steps = None if chance.random() < DILIGENT else chance.randrange(1, 6)
            if course is None or not _learn(member, course, steps, moments):
                break


def _learn(
    member: Membership,
    course: CourseMap,
    steps: int | None,
    moments: Iterator[datetime],
) -> bool:
    """Let a member take this many steps of a course (None: all), and return whether she did."""
    person = member.person
    if person is None:
        return False
    enrol(person, course=course.outline.code, at=next(moments))
    taken = course.outline.steps[:steps]
    for step, moment in zip(taken, moments, strict=False):
        _take(person, course, step, moment)
        if step is course.outline.steps[-1]:
            return True
    return False


def _moments(start: datetime, end: datetime, chance: random.Random) -> Iterator[datetime]:
    """Yield the hours at which somebody learns, until now."""
    while start < end:
        yield start
        start += timedelta(minutes=chance.randrange(10, 2000))


def _take(person: User, course: CourseMap, step: Step, at: datetime) -> None:
    where = {"course": course.outline.code, "step": step.key, "language": course.language}
    if step.kind == LESSON:
        finish_lesson(person, **where, at=at)
        return
    attempt = start_quiz(person, **where, at=at)
    for item in attempt.items.select_related("version"):
        answer(
            attempt,
            position=item.position,
            keys=item.version.right_keys,
            language=course.language,
            at=at,
        )
    submit_attempt(attempt, at=at)


def _end_some(
    members: list[Membership], manager: User, chance: random.Random, at: datetime
) -> None:
    """Let a few have left since: what was recorded stays recorded."""
    for member in chance.sample(members, 4):
        end_membership(member, by=manager, at=at)


def _revoke_one(administrator: User, at: datetime) -> None:
    """Revoke one certificate, so that the verification page has this to show, too."""
    certificate = Certificate.objects.order_by("pk").last()
    if certificate:
        revoke_certificate(
            certificate, by=administrator, reason="Issued by mistake (demonstration)", at=at
        )
