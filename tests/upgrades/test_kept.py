"""Each release's database is upgraded to the present: nothing of what people earned is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import global_settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from certificates.models import Certificate
from courses.models import Completion
from organisations.models import Record
from quizzes.models import Attempt
from tests import databases
from tests.conftest import STOCK
from tests.upgrades import comparing, putting, released
from tests.upgrades.linting import state_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

PASSWORD = "a pass phrase for tests"
pytestmark = pytest.mark.parametrize("release", released.releases())


@pytest.fixture
def upgraded(
    request: pytest.FixtureRequest,
    release: str,
    transactional_db: None,
    tmp_path: Path,
    settings: Settings,
) -> str:
    """Give the database of a release, upgraded once; its passwords are hashed as in real life."""
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS

    def build() -> None:
        putting.put(release, folder=tmp_path)
        databases.migrate()

    request.config.stash[STOCK].put(f"upgraded-{release}", putting.digest(release), build)
    ContentType.objects.clear_cache()
    return release


def test_records_keep_their_promises(upgraded: str) -> None:
    call_command("check_records")

    assert Completion.objects.count() == Certificate.objects.count() == 2
    assert Record.objects.count() == 2


def test_a_certificate_still_verifies(upgraded: str) -> None:
    certificate = Certificate.objects.get(holder="Learner One")
    form = {"code": certificate.code, "surname": "one"}

    answer = Client(headers={"host": "localhost"}).post("/verify/", form)

    assert answer.status_code == 200
    assert "<bdi>Learner One</bdi>" in answer.text


def test_somebody_signs_in_and_goes_on_where_she_was(upgraded: str) -> None:
    visitor = Client(headers={"host": "localhost"})
    form = {"login": "stranger@example.org", "password": PASSWORD}

    assert visitor.post("/accounts/login/", form).status_code == 302
    learning = visitor.get("/en/learning/")
    attempt = Attempt.objects.get(submitted_at=None)
    check = visitor.get(f"/en/learning/attempts/{attempt.pk}/check/")

    assert (learning.status_code, check.status_code) == (200, 200)
    assert re.search(r"<h2[^>]*>.*Foundation", learning.text, re.DOTALL)
    assert "Not answered" not in check.text


def test_the_tables_are_those_of_a_new_database(
    upgraded: str, request: pytest.FixtureRequest
) -> None:
    """A released migration that was changed afterwards would show here."""
    found = comparing.schema()
    databases.restore_migrated(request.config.stash[STOCK])

    assert found == comparing.schema()


def test_the_release_still_reads_and_writes(upgraded: str) -> None:
    """While processes are replaced one by one, those of the release before meet the new tables."""
    if upgraded != released.releases()[-1]:
        pytest.skip("Only the newest release meets the next one.")
    then = state_of(MigrationLoader(connection), released.migrations_of(upgraded)).apps

    assert comparing.misfits(then) == []
