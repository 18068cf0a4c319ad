"""News that this room sends upwards, inside the transaction that makes it true."""

from __future__ import annotations

from django.dispatch import Signal

# Sent by `complete_course` with `completion` and `at`.
course_completed = Signal()
