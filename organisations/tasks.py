"""Background work of this room."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from .api import end_retention, remove_old_invitations


@task(backend="queue")
def forget_what_is_over() -> int:
    """Delete records whose retention is over and old invitations; returns how many rows went."""
    now = timezone.now()
    return end_retention(at=now) + remove_old_invitations(at=now)
