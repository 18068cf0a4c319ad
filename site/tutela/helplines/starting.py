"""Loads the helplines that a new instance starts with: drafts, all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from .models import Helpline, Status

STARTER = Path(__file__).with_name("starter.yaml")


def read_starter() -> list[dict[str, Any]]:
    """Return the starter records as they stand in the file."""
    records: list[dict[str, Any]] = yaml.safe_load(STARTER.read_text(encoding="utf-8"))
    return records


@transaction.atomic
def load_helplines() -> int:
    """Add the records that are missing, and return how many; what is there is an editor's."""
    there = set(Helpline.objects.exclude(code="").values_list("code", flat=True))
    missing = [record for record in read_starter() if record["code"] not in there]
    for record in missing:
        helpline = Helpline(**record, status=Status.DRAFT)
        helpline.full_clean()
        helpline.save()
    return len(missing)
