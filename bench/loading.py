"""A month of many people on one core: their requests arrive as they come, whatever is still waiting."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils import timezone

from courses.outline import LESSON, QUIZ
from organisations.api import appoint, root_of
from organisations.models import Role
from quizzes.models import Attempt
from tutela.accounts.models import User, WaitingMail

from .figures import table
from .quizzing import Browser, free_port, wait_for
from .scene import client_of, first_of, foundation, make_learner
from .seeding import big_organisation, grow

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
# What one person asks for in her month: two courses of 24 lessons and four quizzes in eight visits.
REQUESTS = {
    "sign-in, home and my learning": 8 * 6,
    "courses": 8 * 2,
    "lessons, read and finished": 24 * 2,
    "quizzes": 4 * 24,
    "certificates": 4,
}
MAILS = 9  # one to confirm the address, one with the code of each visit
MONTH = 30 * 24 * 3600
TIMES = 5
SECONDS, WARM_UP = 60, 10
LEARNERS, THREADS, LINES = 60, 48, 10


@dataclass(slots=True)
class Seen:
    """What was measured while the load ran."""

    waits: list[float] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    exports: list[float] = field(default_factory=list)
    mails: int = 0
    peak_mb: float = 0.0


def measure_load(people: int, *, sample: User) -> str:
    """Return the table of a load trial with so many people in the database."""
    grow(people, sample=sample)
    rate = TIMES * people * sum(REQUESTS.values()) / MONTH
    mails = TIMES * people * MAILS / MONTH
    learners = [_session(make_learner(40_000 + number)) for number in range(LEARNERS)]
    manager = User.objects.create_user("manager@load.example")
    appoint(manager, unit=root_of(big_organisation()), role=Role.MANAGER, at=timezone.now())
    managers = [_session(manager) for _ in range(2)]
    attempts = Attempt.objects.count()
    connection.close()
    port = free_port()
    server = _start(port)
    try:
        wait_for(port)
        os.sched_setaffinity(0, _other_cores())
        seen, cpu = _press(port, server.pid, rate, mails, learners, managers)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
    return _told(people, rate, mails, seen, cpu, Attempt.objects.count() - attempts)


def _told(people: int, rate: float, mails: float, seen: Seen, cpu: float, attempts: int) -> str:
    waits = sorted(seen.waits)
    left = WaitingMail.objects.filter(due_at__lt=timezone.now() - timedelta(minutes=1)).count()
    rows = [
        ["requests a second, five times the average", f"{rate:.1f}"],
        ["of them begun and answered", f"{len(waits):,}"],
        ["answered with an error", _counted(seen.failed)],
        *(
            [f"answered within, {share} %", f"{waits[int(len(waits) * share / 100)] * 1000:.0f} ms"]
            for share in (50, 95, 99)
        ),
        ["slowest", f"{waits[-1] * 1000:.0f} ms"],
        ["quizzes begun", str(attempts)],
        ["mails asked for (and overdue at the end)", f"{seen.mails} ({left})"],
        ["exports of all records (slowest)", f"{len(seen.exports)} ({max(seen.exports):.1f} s)"],
        ["share of its one core", f"{cpu * 100:.0f} %"],
        ["peak memory of all processes", f"{seen.peak_mb:.0f} MB"],
        ["load of the machine", f"{os.getloadavg()[0]:.1f}"],
    ]
    return table([f"{people:,} people in a month", f"{SECONDS} s"], rows)


def _counted(failed: list[int]) -> str:
    """Return how many failed, and with which status (0: no answer)."""
    by_status = ", ".join(f"{status}: {n}" for status, n in sorted(Counter(failed).items()))
    return f"{len(failed)} ({by_status})" if failed else "0"


def _press(
    port: int, pid: int, rate: float, mails: float, learners: list[str], managers: list[str]
) -> tuple[Seen, float]:
    """Send requests as they would come; return what was seen and the server's share of its core."""
    seen, over = Seen(), threading.Event()
    idle: SimpleQueue[Iterator[int]] = SimpleQueue()
    for number, session in enumerate(learners):
        idle.put(_journey(Browser(port, session), quizzes_first=number % 2 == 0))
    beside = [
        threading.Thread(target=_invite, args=(Browser(port, managers[0]), mails, seen, over)),
        threading.Thread(target=_export, args=(Browser(port, managers[1]), seen, over)),
        threading.Thread(target=_watch, args=(pid, seen, over)),
    ]
    for thread in beside:
        thread.start()
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        due, cpu = began, 0.0
        while due < began + WARM_UP + SECONDS:
            time.sleep(max(0.0, due - time.perf_counter()))
            if due > began + WARM_UP and not cpu:
                cpu = _cpu_seconds(pid)
            pool.submit(_step, idle, due, seen if due > began + WARM_UP else Seen())
            due += random.expovariate(rate)
        cpu = _cpu_seconds(pid) - cpu
    over.set()
    for thread in beside:
        thread.join()
    return seen, cpu / SECONDS


def _step(idle: SimpleQueue[Iterator[int]], due: float, seen: Seen) -> None:
    """Let one learner send her next request; the wait counts from when it was due."""
    learner = idle.get()
    try:
        status = next(learner)
    except (HTTPException, OSError):
        status = 0
    seen.waits.append(time.perf_counter() - due)
    if not 200 <= status < 400:
        seen.failed.append(status)
    idle.put(learner)


def _journey(browser: Browser, *, quizzes_first: bool) -> Iterator[int]:
    """Send one request after the other of her visits, for ever; yield the status of each."""
    yield browser.send("GET", "/accounts/login/")[0]  # and be given the token of its form
    while True:
        if not quizzes_first:
            yield from _read(browser)
        yield from _sit_quiz(browser)
        quizzes_first = False


def _read(browser: Browser) -> Iterator[int]:
    course = foundation()
    for url in ("/en/", "/en/learning/", course.url):
        yield browser.send("GET", url)[0]
    for lesson in course.outline.modules[0].steps:
        if lesson.kind == LESSON:
            yield browser.send("GET", course.entry(lesson).url)[0]
            yield browser.send("POST", f"/en/learning/foundation/lessons/{lesson.key}/")[0]


def _sit_quiz(browser: Browser) -> Iterator[int]:
    quiz = first_of(QUIZ)
    status, here = browser.send("POST", f"/en/learning/foundation/quizzes/{quiz.key}/")
    yield status
    base = re.sub(r"\d+/$", "", here)
    for position in range(1, 11):
        status, page = browser.send("GET", f"{base}{position}/")
        yield status
        needed = 2 if 'type="checkbox"' in page else 1
        chosen: dict[str, object] = {"choice": list(range(1, 1 + needed))}
        yield browser.send("POST", f"{base}{position}/", chosen)[0]
    yield browser.send("GET", f"{base}check/")[0]
    yield browser.send("POST", f"{base}submit/")[0]
    yield browser.send("GET", f"{base}result/")[0]


def _invite(browser: Browser, mails: float, seen: Seen, over: threading.Event) -> None:
    """Invite people by mail, some at once."""
    browser.send("GET", "/en/organisations/big/invitations/")
    while not over.wait(LINES / mails):
        lines = "\n".join(f"new-{seen.mails + number}@load.example" for number in range(LINES))
        form: dict[str, object] = {"lines": lines, "unit": "big-1", "language": "en"}
        status, _ = browser.send("POST", "/en/organisations/big/invitations/", form)
        if status == 303:
            seen.mails += LINES
        else:
            seen.failed.append(status)


def _export(browser: Browser, seen: Seen, over: threading.Event) -> None:
    """Export every record of the big organisation, again and again."""
    while not over.wait(10):
        began = time.perf_counter()
        status, _ = browser.send("GET", "/en/organisations/big/records/export.csv")
        seen.exports.append(time.perf_counter() - began)
        if status != 200:
            seen.failed.append(status)


def _watch(pid: int, seen: Seen, over: threading.Event) -> None:
    while not over.wait(1):
        seen.peak_mb = max(seen.peak_mb, sum(map(_memory_mb, _family(pid))))


def _start(port: int) -> subprocess.Popen[bytes]:
    """Start web server and task worker on the first core, as an operator does."""
    command = ["taskset", "-c", "0", sys.executable, "manage.py", "start"]
    variables = {
        **os.environ,
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
    }
    return subprocess.Popen(  # noqa: S603
        command,
        env=variables,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=(settings.VAR / "log").open("wb"),
        cwd=ROOT,
    )


def _session(user: User) -> str:
    return client_of(user).cookies[settings.SESSION_COOKIE_NAME].value


def _other_cores() -> set[int]:
    return (os.sched_getaffinity(0) - {0}) or {0}


def _family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        return []
    return [pid, *(one for child in children.read_text().split() for one in _family(int(child)))]


def _memory_mb(pid: int) -> float:
    """Return a process's share of the memory, what it shares with others divided among them."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(rollup.partition("\nPss:")[2].split()[0]) / 1024


def _cpu_seconds(pid: int) -> float:
    ticks = 0
    for one in _family(pid):
        fields = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
