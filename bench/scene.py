"""The people and requests of the bench."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.api import course_map, enrol, finish_lesson
from courses.outline import LESSON, QUIZ
from quizzes.models import Attempt
from tutela.accounts.models import User

if TYPE_CHECKING:
    from courses.catalogue import CourseMap
    from courses.outline import Step


def foundation() -> CourseMap:
    """Return the course that is measured."""
    course = course_map(code="foundation", language="en")
    if course is None:
        raise RuntimeError("The curriculum is not loaded.")
    return course


def first_of(kind: str) -> Step:
    """Return the course's first lesson or quiz."""
    return next(step for step in foundation().outline.steps if step.kind == kind)


def make_learner(number: int) -> User:
    """Return a learner who has read the first module."""
    user = User.objects.create_user(
        f"bench-{number}@example.org", None, certificate_name=f"Bench Learner {number}"
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    at = timezone.now()
    enrol(user, course="foundation", at=at)
    for step in foundation().outline.modules[0].steps:
        if step.kind == LESSON:
            finish_lesson(user, course="foundation", step=step.key, language="en", at=at)
    return user


def client_of(user: User | None) -> Client:
    """Return a client who is signed in as this person, or an anonymous one."""
    client = Client(headers={"host": "localhost"})
    if user:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def count_queries(client: Client, url: str) -> int:
    """Return the queries of one request, session and person included, when caches are warm."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


@dataclass(slots=True)
class QuizTaker:
    """A learner who takes the first quiz, with whatever sends her requests."""

    client: Client
    right: bool = False

    def take(self, step: Step | None = None) -> None:
        """Start, answer each question on its page, check, submit, and read the result."""
        quiz = step or first_of(QUIZ)
        start = self.client.post(f"/en/learning/foundation/quizzes/{quiz.key}/")
        attempt = Attempt.objects.get(pk=int(start.headers["Location"].split("/")[-3]))
        base = f"/en/learning/attempts/{attempt.pk}"
        for item in attempt.items.select_related("version"):
            url = f"{base}/{item.position}/"
            self.client.get(url)
            keys = item.version.right_keys if self.right else item.order[:1]
            answer = self.client.post(url, {"choice": [item.order.index(k) + 1 for k in keys]})
            assert answer.status_code in {302, 303}, answer.status_code
        self.client.get(f"{base}/check/")
        self.client.post(f"{base}/submit/")
        assert self.client.get(f"{base}/result/").status_code == 200


def certify() -> User:
    """Return a learner who completed the course, by the way that everybody takes."""
    user = make_learner(3)
    client = client_of(user)
    for step in foundation().outline.steps:
        if step.kind == LESSON:
            client.post(f"/en/learning/foundation/lessons/{step.key}/")
        else:
            QuizTaker(client, right=True).take(step)
    return user
