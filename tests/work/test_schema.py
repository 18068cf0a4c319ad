"""A database that a newer release migrated is told from one that waits to be migrated."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from tests.work.processes import free_port
from tutela.work.schema import Standing, standing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("app", "name", "found"),
    [
        ("accounts", "9999_of_next_year", Standing.NEWER),
        ("wagtailcore", "9999_of_next_year", Standing.NEWER),
        ("wagtailcore", "0000_squashed_long_ago", Standing.FITS),
        ("no_longer_installed", "0001_initial", Standing.FITS),
    ],
)
def test_what_a_database_has_been_through(app: str, name: str, found: Standing) -> None:
    MigrationRecorder(connection).record_applied(app, name)

    assert standing() is found


def test_a_newer_database_is_not_ready(client: Client) -> None:
    MigrationRecorder(connection).record_applied("accounts", "9999_of_next_year")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"database newer than the code\n")


def test_a_newer_database_gets_one_sentence(settings: Settings) -> None:
    settings.PORT = free_port()
    MigrationRecorder(connection).record_applied("accounts", "9999_of_next_year")

    with pytest.raises(CommandError) as refusal:
        call_command("start")

    assert str(refusal.value) == (
        "The database was migrated by a newer release of Tutela: start that release, "
        "or restore the backup that was made before the upgrade."
    )
