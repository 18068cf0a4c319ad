"""What this room tells the others when the house is opened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from quizzes.tasks import remove_answers
from tutela.accounts.privacy import holdings
from tutela.work import jobs

from .bank import answer_all, make_attempt

pytestmark = pytest.mark.django_db


def test_person_is_told_of_her_attempts() -> None:
    assert "quizzes" in {holding.name for holding in holdings()}


def test_old_answers_are_removed_every_day() -> None:
    now = timezone.now()
    assert "remove_old_answers" in jobs.tick(at=now)
    assert "remove_old_answers" not in jobs.tick(at=now)
    assert "remove_old_answers" in jobs.tick(at=now + timedelta(days=1))


def test_task_leaves_open_attempts_alone() -> None:
    attempt = answer_all(make_attempt(1))
    assert remove_answers.func() == 0
    assert attempt.items.get().response == ["a"]
