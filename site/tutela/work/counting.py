"""Counts of requests, of all processes of one `manage.py start` together.

prometheus_client keeps each process's counts in a mapped file of a folder that `start` names; without
the folder (a development server, tests) a process counts for itself.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from .watching import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

    from .watching import Reading

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name, read when it is imported
MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own is made in it)
METHODS = {"GET", "HEAD", "POST"}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

own = CollectorRegistry()
REQUESTS = Counter(
    "tutela_requests", "Requests that were answered.", ["method", "route", "status"], registry=own
)
SECONDS = Histogram(
    "tutela_request_seconds",
    "Time until the answer was ready, streamed parts excepted.",
    ["route"],
    buckets=BUCKETS,
    registry=own,
)


def open_folder() -> None:
    """Name an empty folder for the counts of this start's processes to its children.

    In memory where there is such a place: a process that writes to a mapped file dies when the
    disk is full. Without any place each process counts for itself.
    """
    place = MEMORY if os.access(MEMORY, os.W_OK) else settings.VAR
    prefix = f"tutela-{settings.HOST}-{settings.PORT}-".replace(":", ".")
    for left in place.glob(f"{prefix}*"):  # by a start that was killed
        shutil.rmtree(left, ignore_errors=True)
    with suppress(OSError):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix=prefix, dir=place)


def close_folder() -> None:
    """Forget the counts; those who read them see that they begin anew."""
    if folder := os.environ.pop(FOLDER, ""):
        shutil.rmtree(folder, ignore_errors=True)


def count_request(method: str, route: str, status: int, *, seconds: float) -> None:
    """Count one answered request."""
    counted = method if method in METHODS else "other"
    _requests(counted, route, f"{status // 100}xx").inc()
    _seconds(route).observe(seconds)


@cache
def _requests(method: str, route: str, status: str) -> Counter:
    return REQUESTS.labels(method, route, status)  # three sets of a few words each: it stays small


@cache
def _seconds(route: str) -> Histogram:
    return SECONDS.labels(route)


class Readings(Collector):
    """The readings of the status page, as numbers."""

    def __init__(self, readings: list[Reading]) -> None:
        self.readings = readings

    def collect(self) -> Iterator[Metric]:
        """Return a gauge for each reading, and one for the states of all."""
        states = GaugeMetricFamily(
            "tutela_state", "0 is well, 1 is to be looked at, 2 is ill.", labels=["reading"]
        )
        for reading in self.readings:
            yield GaugeMetricFamily(
                f"tutela_{reading.code}", "A reading of the status page.", value=reading.value
            )
            states.add_metric([reading.code], list(State).index(reading.state))
        yield states


def exposition(readings: list[Reading]) -> bytes:
    """Return counts and readings as the text that Prometheus reads."""
    shown = CollectorRegistry()
    shown.register(Readings(readings))
    if FOLDER in os.environ:
        MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        return bytes(generate_latest(shown))
    return bytes(generate_latest(own) + generate_latest(shown))
