"""The thread beside a worker's tasks: signs of life, the minute tick, the rescue of lost tasks."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections
from django.utils import timezone

from . import jobs, rescuing

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)


class Pulse(threading.Thread):
    """Beats six times in a lease, so that a long task keeps its worker and a dead one loses it."""

    def __init__(self, worker: str) -> None:
        super().__init__(name="pulse", daemon=True)
        self.worker = worker
        self.every: float = min(settings.TASK_LEASE_SECONDS / 6, 20)
        self.ended = threading.Event()
        self.minute: datetime | None = None

    def run(self) -> None:
        while not self.ended.wait(self.every):
            try:
                self.turn(at=timezone.now())
            except Exception:
                # Whatever one turn trips over: a pulse that stopped would make a living worker
                # look dead, and its task would be given to another.
                logger.exception("The worker's pulse skipped a beat.")
            finally:
                connections.close_all()

    def turn(self, *, at: datetime) -> None:
        """Do what is due at this instant."""
        rescuing.beat(self.worker, at=at)
        rescuing.rescue(at=at)
        minute = at.replace(second=0, microsecond=0)
        if minute != self.minute:
            jobs.tick(at=at)
            self.minute = minute

    def end(self) -> None:
        """Stop beating and leave no sign of life."""
        self.ended.set()
        self.join(timeout=2)
        rescuing.bury(self.worker)
