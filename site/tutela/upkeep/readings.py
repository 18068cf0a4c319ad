"""What the backups say about themselves."""

from __future__ import annotations

import math
from datetime import timedelta

from django.utils.translation import gettext as _

from tutela.work.watching import Reading, State, rising

# One a day, with two hours for the day on which it takes longer.
LATE, TOO_LATE = timedelta(hours=26), timedelta(days=3)


def backup_reading(age: timedelta | None) -> Reading:
    """Return the reading of how long ago the last backup was taken; None if there was none."""
    code = "backup_age_seconds"
    if age is None:
        return Reading(code, State.ILL, math.inf, _("No backup was taken yet."))
    return Reading(
        code,
        rising(age.total_seconds(), look=LATE.total_seconds(), ill=TOO_LATE.total_seconds()),
        age.total_seconds(),
        _("The last backup was taken %d h ago.") % (age // timedelta(hours=1)),
    )
