"""How long a session stays: one that is used never ends in the middle of a lesson."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

SESSION_KEY = "renewed"
# Far less often than a session lasts (SESSION_COOKIE_AGE), so that reading hardly ever writes.
RENEWED_AFTER = timedelta(days=1)


def begin(session: SessionBase, *, at: datetime) -> None:
    """Note from when on the session's whole life lies before it."""
    session[SESSION_KEY] = at.isoformat()


def renew_when_due(session: SessionBase, *, at: datetime) -> None:
    """Give a session that is in use its whole life again, once a day at most."""
    renewed = session.get(SESSION_KEY)
    if renewed and at - datetime.fromisoformat(renewed) > RENEWED_AFTER:
        begin(session, at=at)
