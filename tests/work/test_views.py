"""What whoever watches over the machine is told."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_process_answers_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_when_migrated(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_not_ready_with_a_migration_missing(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="work", name="0001_first").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations missing\n")


@pytest.mark.django_db
def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: MigrationRecorder) -> None:
        raise DatabaseError

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"no database\n")
