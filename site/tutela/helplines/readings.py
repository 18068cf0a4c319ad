"""Which helplines and which national information must be verified again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import ngettext

from tutela.work.watching import Reading, rising

from .models import Helpline, NationalInformation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from .models import DatedQuerySet


def read_helplines(at: datetime) -> Iterator[Reading]:
    """Read what has expired, and what expires within a month."""
    today = timezone.localdate(at)
    helplines, information = Helpline.objects.all(), NationalInformation.objects.all()
    expired, due = counts(helplines, today=today)
    yield Reading(
        "helplines_expired",
        rising(expired, look=1),
        expired,
        ngettext(
            "%d helpline has expired and is not shown.",
            "%d helplines have expired and are not shown.",
            expired,
        )
        % expired,
    )
    yield Reading(
        "helplines_due",
        rising(due, look=1),
        due,
        ngettext("%d helpline expires within a month.", "%d helplines expire within a month.", due)
        % due,
    )
    expired, due = counts(information, today=today)
    yield Reading(
        "national_information_expired",
        rising(expired, look=1),
        expired,
        ngettext(
            "National information of %d country and language has expired and is not shown.",
            "National information of %d countries and languages has expired and is not shown.",
            expired,
        )
        % expired,
    )
    yield Reading(
        "national_information_due",
        rising(due, look=1),
        due,
        ngettext(
            "National information of %d country and language expires within a month.",
            "National information of %d countries and languages expires within a month.",
            due,
        )
        % due,
    )


def counts(records: DatedQuerySet[Any], *, today: date) -> tuple[int, int]:
    """Return how many have expired, and how many of the others will within a month."""
    expired = records.expired(on=today).count()
    return expired, records.expiring(on=today).count() - expired
