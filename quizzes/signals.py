"""News that this room sends upwards, inside the transaction that makes it true."""

from __future__ import annotations

from django.dispatch import Signal

# Sent by `submit_attempt` with `attempt` and `at`.
attempt_marked = Signal()
