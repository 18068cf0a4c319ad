"""Wagtail's upkeep of an object, its search index and references: once, not after each of its saves."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.tasks import task_backends
from django.tasks.backends.dummy import DummyBackend

if TYPE_CHECKING:
    from collections.abc import Iterator

WAGTAILS = "default"


@contextmanager
def upkeep_deferred() -> Iterator[None]:
    """Write an object in one transaction, and see to each piece of its upkeep once, after that.

    Wagtail enqueues its upkeep at every save, and publishing a translation saves five times. What is
    rolled back needs none.
    """
    usual, noted = task_backends[WAGTAILS], DummyBackend(WAGTAILS, {})
    task_backends[WAGTAILS] = noted
    try:
        with transaction.atomic():
            yield
    finally:
        task_backends[WAGTAILS] = usual
    for task, args in dict.fromkeys((found.task, tuple(found.args)) for found in noted.results):
        task.enqueue(*args)
