"""News that this room sends upwards, inside the transaction that makes it true."""

from __future__ import annotations

from django.dispatch import Signal

# Sent by `complete_if_done` with `completion`, `texts` (what a certificate says of the course, by
# language: `title`, `subtitle`, `objectives`, `reviewed`) and `at`.
course_completed = Signal()
