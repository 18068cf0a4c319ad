"""Points of a transaction at which the campaign's own settings let a process be killed.

`before` its first statement, `inside:N` after its Nth statement (or, if it has fewer, when it is
about to be committed), `after` it was committed and before anything that waits for that. A second
word says who is killed: this `process` with all that started with it, or the `database`.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import Atomic

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

HEADER = "X-Campaign"
WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_now = threading.local()


@dataclass
class Point:
    """Where and whom to strike: in the transaction of this number, counted from one."""

    place: str
    statement: int = 0
    victim: str = "process"
    number: int = 1
    begun: int = 0
    statements: int = 0
    struck: bool = False

    def reach(self, place: str) -> None:
        """Strike if this is the place."""
        if self.place == place and self.begun == self.number and not self.struck:
            self.struck = True
            strike(self.victim)


def read_point(words: str) -> Point:
    """Return the point that `inside:3 database 2` names."""
    where, *rest = words.split()
    place, _, statement = where.partition(":")
    victim = rest[0] if rest else "process"
    return Point(place, int(statement or 0), victim, int(rest[1]) if rest[1:] else 1)


def strike(victim: str) -> None:
    """Kill, as a machine kills that has no memory left."""
    if victim == "process":
        os.killpg(0, signal.SIGKILL)
    for pid in database_processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def database_processes() -> list[int]:
    """Return the server's first process and all that it started."""
    first = Path(os.environ["CAMPAIGN_CLUSTER"], "data", "postmaster.pid")
    pid = int(first.read_text(encoding="ascii").split()[0])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [pid, *map(int, children.split())]


def armed() -> Point | None:
    """Return the point of this thread's request, if it has one."""
    return getattr(_now, "point", None)


def arm(words: str) -> None:
    """Let this thread be struck at a point."""
    _now.point = read_point(words) if words else None


def install() -> None:
    """Watch where transactions begin and end, once."""
    if hasattr(Atomic, "campaign"):
        return
    Atomic.campaign = True  # type: ignore[attr-defined]
    enter, leave = Atomic.__enter__, Atomic.__exit__
    hooks = BaseDatabaseWrapper.run_and_clear_commit_hooks

    def begin(self: Any) -> None:
        point = armed()
        if point and not connection.in_atomic_block:
            point.begun, point.statements = point.begun + 1, 0
            point.reach("before")
        enter(self)

    def end(self: Any, kind: Any, error: Any, trace: Any) -> None:
        point = armed()
        if point and kind is None and not connection.savepoint_ids:
            point.reach("inside")
        leave(self, kind, error, trace)

    def committed(self: Any) -> None:
        if point := armed():
            point.reach("after")
        hooks(self)

    Atomic.__enter__, Atomic.__exit__ = begin, end
    BaseDatabaseWrapper.run_and_clear_commit_hooks = committed


def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """Run a statement, and strike where the point says; one alone is a transaction of its own."""
    point = armed()
    if point is None:
        return execute(sql, *rest)
    alone = not connection.in_atomic_block and bool(WRITING.match(sql))
    if alone:
        point.begun += 1
        point.reach("before")
    result = execute(sql, *rest)
    if alone:
        point.reach("after")
    elif connection.in_atomic_block:
        point.statements += 1
        if point.statements == point.statement:
            point.reach("inside")
    return result


class FailpointMiddleware:
    """Arms the view of a request that names a point."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        install()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            with connection.execute_wrapper(count):
                return self.get_response(request)
        finally:
            arm("")

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Arm: what stands before the view (session, person) is no part of the step."""
        arm(request.headers.get(HEADER, ""))
