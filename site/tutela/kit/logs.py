"""What a line of the log holds: the fields below and no others (docs/operating/watching.md).

Nobody is named in it. Of another program's message only the template is written, for its values may
be an address; of an exception its type and where it came from, for its text may hold what was typed.
"""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import chain
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = "tutela"
ALWAYS = ("time", "level", "logger", "event")
OF_REQUESTS = ("method", "route", "status", "ms")
OF_TASKS = ("task",)
OF_ERRORS = ("error", "trace")
FIELDS = (*ALWAYS, *OF_REQUESTS, *OF_TASKS, "request", *OF_ERRORS)

request_id: ContextVar[str] = ContextVar("request_id", default="")


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what is written of a record."""
    fields: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": event_of(record),
    }
    if is_own(record):
        given = record.__dict__
        fields |= {name: given[name] for name in (*OF_REQUESTS, *OF_TASKS) if name in given}
    if number := request_id.get():
        fields["request"] = number
    if record.exc_info and (error := record.exc_info[1]):
        fields["error"], fields["trace"] = error_of(error), trace_of(error)
    return fields


def is_own(record: logging.LogRecord) -> bool:
    """Return whether the message was written by us, who name nobody in it."""
    return record.name == OWN or record.name.startswith(f"{OWN}.")


def event_of(record: logging.LogRecord) -> str:
    """Return what happened; of another program without the values, or only where it says so."""
    if is_own(record):
        return record.getMessage()
    return str(record.msg) if record.args else f"{record.module}.{record.funcName}"


def error_of(error: BaseException) -> str:
    """Return the type of an exception and of those that it came from, never their texts."""
    return " < ".join(f"{type(one).__module__}.{type(one).__qualname__}" for one in causes(error))


def trace_of(error: BaseException) -> list[str]:
    """Return where an exception came from, the outermost first: module, line, function."""
    frames = chain.from_iterable(walk_tb(one.__traceback__) for one in causes(error))
    return [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
        for frame, line in frames
    ]


def causes(error: BaseException) -> Iterator[BaseException]:
    """Return the exception and what it came from, the latest first."""
    seen: list[BaseException] = []
    now: BaseException | None = error
    while now is not None and now not in seen:
        seen.append(now)
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)
    return iter(seen)


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields_of(record), ensure_ascii=False, default=str)


class PlainFormatter(logging.Formatter):
    """The same fields, for people: the first four in their places, the others by name."""

    def format(self, record: logging.LogRecord) -> str:
        fields = fields_of(record)
        trace = fields.pop("trace", [])
        first = " ".join(str(fields.pop(name)) for name in ALWAYS)
        others = "".join(f" {name}={value}" for name, value in fields.items())
        return "\n    ".join([f"{first}{others}", *trace])
