"""What the queue, the machine and the keys say about themselves."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from . import jobs
from .models import Heartbeat, JobRun
from .watching import Reading, State, falling, rising, worst

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MINUTE, GIGABYTE = 60, 1_000_000_000
# A tick may be a little late: a worker beats every twenty seconds, and SQLite has one writer.
TICK = timedelta(minutes=2)
FAILED_WITHIN = timedelta(days=1)


def read_work(at: datetime) -> Iterator[Reading]:
    """Read the queue, its workers and the periodic jobs."""
    ready = DBTaskResult.objects.ready()
    waiting = ready.count()
    yield Reading(
        "queue_tasks",
        State.WELL,
        waiting,
        ngettext("%d task waits.", "%d tasks wait.", waiting) % waiting,
    )
    first = ready.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    age = max(0.0, (at - first).total_seconds()) if first else 0.0
    yield Reading(
        "queue_oldest_seconds",
        rising(age, look=5 * MINUTE, ill=30 * MINUTE),
        age,
        _("The oldest of them has waited for %d min.") % (age // MINUTE)
        if waiting
        else _("Nothing waits."),
    )
    failed = DBTaskResult.objects.failed().filter(finished_at__gte=at - FAILED_WITHIN).count()
    yield Reading(
        "tasks_failed",
        rising(failed, look=1),
        failed,
        ngettext(
            "%d task failed within a day. The log says why.",
            "%d tasks failed within a day. The log says why.",
            failed,
        )
        % failed
        if failed
        else _("No task failed within a day."),
    )
    yield _workers(at)
    yield _late_jobs(at)


def _workers(at: datetime) -> Reading:
    since = at - timedelta(seconds=settings.TASK_LEASE_SECONDS)
    alive = Heartbeat.objects.filter(beat_at__gte=since).count()
    note = (
        ngettext("%d worker is alive.", "%d workers are alive.", alive) % alive
        if alive
        else _("No worker is alive: no mail leaves, and no periodic job runs.")
    )
    return Reading("workers_alive", falling(alive, look=0, ill=0), alive, note)


def _late_jobs(at: datetime) -> Reading:
    late = [
        job.name
        for job in jobs.registered()
        if not JobRun.objects.filter(
            job=job.name, slot__gte=jobs.slot_of(job, at=at - TICK)
        ).exists()
    ]
    note = (
        _("These periodic jobs were not asked for in time: %s.") % ", ".join(late)
        if late
        else _("Every periodic job was asked for in time.")
    )
    return Reading("jobs_late", rising(len(late), look=1), len(late), note)


def read_machine(at: datetime) -> Iterator[Reading]:
    """Read the database, the disk and the media."""
    size = database_bytes()
    yield Reading(
        "database_bytes",
        State.WELL,
        size,
        _("The database is reached and holds %s.") % filesizeformat(size),
    )
    settings.VAR.mkdir(parents=True, exist_ok=True)
    disk = shutil.disk_usage(settings.VAR)
    share = disk.free / disk.total
    yield Reading(
        "disk_free_bytes",
        worst(
            [
                falling(share, look=0.1, ill=0.03),
                falling(disk.free, look=2 * GIGABYTE, ill=GIGABYTE / 2),
            ]
        ),
        disk.free,
        _("%(free)s of %(all)s are free on the disk.")
        % {"free": filesizeformat(disk.free), "all": filesizeformat(disk.total)},
    )
    writable = media_writable()
    yield Reading(
        "media_writable",
        State.WELL if writable else State.ILL,
        writable,
        _("Files can be uploaded.") if writable else _("No file can be uploaded."),
    )
    # Only the cache of another server (tutela.kit.valkey) can be out of reach.
    if is_reached := getattr(caches["pages"], "is_reached", None):
        reached = is_reached()
        yield Reading(
            "cache_reached",
            State.WELL if reached else State.ILL,
            reached,
            _("The cache server answers.")
            if reached
            else _(
                "The cache server is away: the site is slower, and counts attempts less exactly."
            ),
        )


def database_bytes() -> int:
    """Return how much room the database takes; it fails where the database is out of reach."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute(
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            )
        return int(cursor.fetchone()[0])


def media_writable() -> bool:
    """Return whether the media's folder takes files; of another storage, whether it answers."""
    if isinstance(default_storage, FileSystemStorage):
        folder = Path(default_storage.location)
        folder.mkdir(parents=True, exist_ok=True)
        return os.access(folder, os.W_OK)
    default_storage.exists("watched")
    return True


def read_keys(at: datetime) -> Iterator[Reading]:
    """Read how many former keys still verify."""
    former = len(settings.SECRET_KEY_FALLBACKS)
    note = (
        ngettext(
            "%d former key still verifies what it signed. Take it out when that may end.",
            "%d former keys still verify what they signed. Take them out when that may end.",
            former,
        )
        % former
        if former
        else _("Only the key in force verifies signatures.")
    )
    yield Reading("keys_former", rising(former, look=1), former, note)
