"""Background work of this room."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from .api import remove_old_answers


@task(backend="queue")
def remove_answers() -> int:
    """Sum up and remove answers that were kept long enough; returns the number of attempts."""
    return remove_old_answers(at=timezone.now())
