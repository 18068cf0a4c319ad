"""An object's upkeep comes once, after all of its saves, and not at all for what was rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.tasks import task_backends
from django.tasks.signals import task_finished
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from tutela.kit.deferring import upkeep_deferred


@pytest.fixture
def done() -> Iterator[list[str]]:
    """Note what upkeep was carried out."""
    names: list[str] = []

    def note(task_result: Any, **_: Any) -> None:
        names.append(task_result.task.name)

    task_finished.connect(note)
    yield names
    task_finished.disconnect(note)


@pytest.mark.django_db(transaction=True)
def test_upkeep_comes_once_after_all_saves(done: list[str]) -> None:
    root = Page.objects.get(depth=1)
    with upkeep_deferred():
        page = root.add_child(instance=Page(title="First", slug="first"))
        page.title = "Second"
        page.save()
        page.save_revision().publish()
        assert (done, connection.in_atomic_block) == ([], True)
    assert sorted(done) == ["insert_or_update_object_task", "update_reference_index_task"]
    found = get_search_backend().search("Second", Page.objects.all())
    assert [result.pk for result in found] == [page.pk]


@pytest.mark.django_db
def test_what_is_rolled_back_needs_no_upkeep(done: list[str]) -> None:
    def fail() -> None:
        with upkeep_deferred():
            Page.objects.get(depth=1).save()
            raise ZeroDivisionError

    usual = task_backends["default"]
    with pytest.raises(ZeroDivisionError):
        fail()
    assert done == []
    assert task_backends["default"] is usual
