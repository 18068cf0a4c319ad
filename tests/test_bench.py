"""What the bench grows is an instance that keeps every promise."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from bench.scene import certify
from bench.seeding import BIG, grow
from certificates.models import Certificate
from courses.models import Completion, StepProgress
from organisations.models import Membership, Record
from quizzes.models import Attempt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curriculum")]


def test_seeded_people_have_all_in_proportion_and_keep_every_promise() -> None:
    sample = certify()
    models = (StepProgress, Completion, Certificate, Attempt, Membership, Record)
    before = [model.objects.count() for model in models]

    for people in (20, 50, 50):  # it goes on where it stopped
        grow(people, sample=sample)

    after = [model.objects.count() for model in models]
    grown = [now - then for now, then in zip(after, before, strict=True)]
    assert grown == [500, 200, 200, 200, 40, 160]
    assert Membership.objects.filter(organisation__slug=BIG).count() == 20
    call_command("check_records", stderr=StringIO())
