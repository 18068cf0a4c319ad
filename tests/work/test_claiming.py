"""Two instances never serve from one SQLite file."""

from __future__ import annotations

import subprocess

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from tests.work.processes import free_port
from tutela.work.claiming import DatabaseTakenError, claimed_database

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="a server has many clients"),
]


def test_a_second_claim_is_refused_until_the_first_ends() -> None:
    with claimed_database(), pytest.raises(DatabaseTakenError), claimed_database():
        pass

    with claimed_database():
        pass


def test_a_child_that_outlives_its_instance_holds_nothing() -> None:
    with claimed_database():
        child = subprocess.Popen(["sleep", "60"])

    with claimed_database():
        child.kill()
    child.wait()


def test_a_second_instance_gets_one_sentence(settings: Settings) -> None:
    settings.PORT = free_port()

    with claimed_database(), pytest.raises(CommandError) as refusal:
        call_command("start")

    assert str(refusal.value) == (
        f"Another instance serves from {connection.settings_dict['NAME']}: "
        "end it first, or give each instance a TUTELA_VAR of its own."
    )


def test_a_folder_that_cannot_be_written_gets_one_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PORT = free_port()
    monkeypatch.setitem(connection.settings_dict, "NAME", "/proc/tutela.sqlite3")

    with pytest.raises(CommandError) as refusal:
        call_command("start")

    assert str(refusal.value) == (
        "/proc/tutela.sqlite3.lock cannot be written: No such file or directory."
    )
