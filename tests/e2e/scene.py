"""A site in full use, built once by the operations of real life, for whoever looks at every page."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.utils import timezone

from certificates.api import holders_address, revoke_certificate
from certificates.models import Certificate
from courses.api import course_map, enrol, finish_lesson, start_quiz
from courses.outline import LESSON, QUIZ
from organisations.api import add_unit, invite, join, root_of
from organisations.models import Invitation, Membership
from quizzes.api import answer, submit_attempt
from quizzes.models import Attempt, Kind
from tests.helplines.records import make_helpline, make_information, verified
from tests.people import Cast, make_cast, make_person, signed_in
from tutela.helplines.models import Kind as HelplineKind

if TYPE_CHECKING:
    from django.test import Client

    from courses.catalogue import CourseMap
    from courses.outline import Step
    from tutela.accounts.models import User

COLLEAGUES = ("Alma Baran", "Goran Kovač", "Ilya Petrov", "Sanna Lindqvist", "Zoé Moreau")


@dataclass
class Scene:
    """Who does what, in one language."""

    language: str
    cast: Cast
    newcomer: User
    careful: User
    invitation: Invitation
    revoked: Certificate

    @property
    def foundation(self) -> CourseMap:
        return find_course("foundation", self.language)

    @property
    def policing(self) -> CourseMap:
        return find_course("policing", self.language)

    @cached_property
    def certificate(self) -> Certificate:
        return Certificate.objects.get(person=self.cast.learner)

    @property
    def holders_path(self) -> str:
        """The address of the certificate that the holder passes on, without its host."""
        return holders_address(self.certificate).removeprefix(settings.BASE_URL)

    @cached_property
    def passed(self) -> Attempt:
        return Attempt.objects.filter(sitting__person=self.cast.learner, passed=True).latest("pk")

    @cached_property
    def missed(self) -> Attempt:
        return Attempt.objects.filter(sitting__person=self.cast.learner, passed=False).latest("pk")

    @cached_property
    def open(self) -> Attempt:
        return Attempt.objects.get(sitting__person=self.cast.learner, submitted_at=None)

    def question(self, kind: str) -> str:
        """Return the address of the open attempt's last question of a kind."""
        items = self.open.items.select_related("version").order_by("-position")
        item = next(item for item in items if item.version.kind == kind)
        return f"/{self.language}/learning/attempts/{self.open.pk}/{item.position}/"

    def membership(self) -> Membership:
        return Membership.objects.get(person=self.cast.learner)

    def sessions(self) -> dict[str, str]:
        """Return a session key for each name that `kinds` knows, the visitor's being empty."""
        people = {
            "newcomer": self.newcomer,
            "learner": self.cast.learner,
            "manager": self.cast.manager,
            "auditor": self.cast.auditor,
            "careful": self.careful,
        }
        clients = {name: sure(signed_in(person), person) for name, person in people.items()}
        clients["forgotten"] = signed_in(self.cast.learner)
        clients["halfway"] = waiting("/accounts/login/code/", {"email": self.careful.email})
        clients["resetting"] = waiting("/accounts/password/reset/", {"email": self.careful.email})
        clients["unconfirmed"] = waiting(
            "/accounts/signup/",
            {"email": "another@example.org", "password1": "a pass phrase of hers", "adult": "on"},
        )
        clients["second"] = waiting(
            "/accounts/login/",
            {"login": self.careful.email, "password": "a pass phrase for tests"},
        )
        keys = {name: client.session.session_key or "" for name, client in clients.items()}
        return {"visitor": "", **keys}


def find_course(code: str, language: str) -> CourseMap:
    """Return a course of the starter curriculum."""
    course = course_map(code=code, language=language)
    assert course is not None
    return course


def sure(client: Client, person: User) -> Client:
    """Let a client have typed the password just now, as dangerous pages ask; it holds for a day."""
    session = client.session
    session["account_authentication_methods_user"] = str(person.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() + 86_400, "reauthenticated": True}
    ]
    session.save()
    return client


def waiting(path: str, fields: dict[str, str]) -> Client:
    """Return the client of a visitor who has sent this form, and is asked for more."""
    client = signed_in(None)
    assert client.post(path, fields).status_code in {302, 303}, path
    return client


def take(person: User, course: CourseMap, step: Step, *, right: bool = True) -> None:
    """Finish one step; a quiz is answered right or wrong throughout."""
    at = timezone.now()
    where = {"course": course.outline.code, "step": step.key, "language": course.language}
    if step.kind == LESSON:
        finish_lesson(person, **where, at=at)
        return
    attempt = start_quiz(person, **where, at=at)
    for item in attempt.items.select_related("version"):
        wrong = [key for key in item.order if key not in item.version.right_keys]
        answer(
            attempt,
            position=item.position,
            keys=item.version.right_keys if right else wrong[:1],
            language=course.language,
            at=at,
        )
    submit_attempt(attempt, at=at)


def stumble(person: User, course: CourseMap) -> None:
    """Read the first module, miss its quiz, and leave a new attempt open, its last answers missing.

    Attempts are drawn by chance: it goes on until one holds a question of each kind.
    """
    for step in course.outline.modules[0].steps:
        if step.kind == LESSON:
            take(person, course, step)
    quiz = next(step for step in course.outline.steps if step.kind == QUIZ)
    where = {"course": course.outline.code, "step": quiz.key, "language": course.language}
    kinds: set[str] = set()
    while kinds != {Kind.SINGLE, Kind.SEVERAL}:
        take(person, course, quiz, right=False)
        attempt = start_quiz(person, **where, at=timezone.now())
        kinds = {item.version.kind for item in attempt.items.select_related("version")}
    for item in attempt.items.filter(position__lte=3):
        keys = item.order[:1]
        answer(attempt, position=item.position, keys=keys, language="en", at=timezone.now())


def make_plain(name: str, language: str) -> User:
    """Return a person without a second factor."""
    person = make_person(name, language=language)
    Authenticator.objects.filter(user=person).delete()
    return person


def protect(person: User) -> User:
    """Give somebody an authenticator app and recovery codes."""
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    return person


def make_scene(language: str) -> Scene:
    """Let everybody learn, invite and join, on a database that holds the starter curriculum."""
    at = timezone.now()
    cast = make_cast()
    foundation = find_course("foundation", language)
    north = add_unit(root_of(cast.organisation), code="N", name="Northern district")
    colleagues = []
    for number, name in enumerate(COLLEAGUES):
        person = make_person(f"colleague-{number}", certificate_name=name)
        join(person, unit=north, name=name, staff_number=f"N-{number}", at=at)
        colleagues.append(person)
    newcomer = make_plain("newcomer", language)
    for person in (cast.learner, colleagues[0]):
        enrol(person, course="foundation", at=at)
        for step in foundation.outline.steps:
            take(person, foundation, step)
    enrol(cast.learner, course="policing", at=at)
    stumble(cast.learner, find_course("policing", language))
    revoked = Certificate.objects.get(person=colleagues[0])
    revoke_certificate(revoked, by=cast.administrator, reason="Issued by mistake", at=at)
    invitation = invite(
        north, email=newcomer.email, staff_number="N-9", by=cast.manager, at=at, language=language
    )
    today = verified(timezone.localdate())
    for kind in HelplineKind:
        make_helpline("AT", kind=kind, hours="24/7", languages="de, en", **today)
    make_information("AT", who_is_bound="Named professions", **today)
    return Scene(
        language=language,
        cast=cast,
        newcomer=newcomer,
        careful=protect(make_plain("careful", language)),
        invitation=invitation,
        revoked=revoked,
    )
