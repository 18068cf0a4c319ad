"""What this room does when its records change."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from tutela.kit.middleware import empty_page_cache

from .models import Helpline, NationalInformation


@receiver([post_save, post_delete], sender=Helpline)
@receiver([post_save, post_delete], sender=NationalInformation)
def show_at_once(**_: Any) -> None:
    """Forget every cached page: a number that was corrected is seen at once."""
    transaction.on_commit(empty_page_cache)
