"""News that this room sends upwards, inside the transaction that makes it true."""

from __future__ import annotations

from django.dispatch import Signal

# Sent by `issue_certificate` with `certificate` and `at`.
certificate_issued = Signal()
# Sent by `revoke_certificate` with `certificate` and `at`.
certificate_revoked = Signal()
