"""A line of the log holds the written fields, and nothing that a person or another program said."""

from __future__ import annotations

import json
import logging
import re
import sys
from pathlib import Path
from typing import Any, Never

import pytest
from django.conf import settings

from tutela.kit.logs import FIELDS, JsonFormatter, PlainFormatter, request_id

ADDRESS = "ada@example.org"


def record_of(name: str, message: str, *args: object, **extra: object) -> logging.LogRecord:
    exc_info = sys.exc_info() if sys.exc_info()[0] else None
    record = logging.LogRecord(name, logging.WARNING, "here.py", 7, message, args, exc_info, "do")
    record.__dict__.update(extra)
    return record


def read(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return fields


def look_up() -> Never:
    raise KeyError(ADDRESS)


def failure() -> logging.LogRecord:
    try:
        try:
            look_up()
        except KeyError as cause:
            raise ValueError(f"{ADDRESS} is no number") from cause
    except ValueError:
        return record_of("django.request", "Internal Server Error: %s", "/en/help/")


def test_a_request_has_its_fields() -> None:
    told = {"method": "GET", "route": "page", "status": 200, "ms": 3.2}

    fields = read(record_of("tutela.requests", "request", **told, user=ADDRESS))

    assert {name: fields[name] for name in told} == told
    assert set(fields) == {"time", "level", "logger", "event", *told}


def test_of_another_program_only_the_template_is_written() -> None:
    fields = read(record_of("django.request", "Not Found: %s", "/en/help/", status=404))

    assert fields["event"] == "Not Found: %s"
    assert "status" not in fields


def test_what_another_program_has_put_together_is_not_written() -> None:
    assert read(record_of("django.security", f"Invalid: {ADDRESS}"))["event"] == "here.do"


def test_an_exception_is_its_type_and_where_it_came_from() -> None:
    fields = read(failure())

    assert fields["error"] == "builtins.ValueError < builtins.KeyError"
    assert [line.split()[-1] for line in fields["trace"]] == ["failure", "failure", "look_up"]


def test_the_plain_line_holds_the_same() -> None:
    before = request_id.set("abc")
    line = PlainFormatter().format(failure())
    request_id.reset(before)

    first, *trace = line.splitlines()
    assert first.endswith("request=abc error=builtins.ValueError < builtins.KeyError")
    assert len(trace) == 3


@pytest.mark.parametrize("formatter", [JsonFormatter(), PlainFormatter()])
def test_no_value_of_an_exception_is_written(formatter: logging.Formatter) -> None:
    line = formatter.format(failure())

    assert (ADDRESS in line, "/en/help/" in line) == (False, False)


def test_the_list_of_fields_is_written_down() -> None:
    page: Path = settings.ROOT / "docs" / "operating" / "watching.md"
    fields = page.read_text(encoding="utf-8").partition("## The log")[2].partition("\n## ")[0]

    assert re.findall(r"^\| `(\w+)` \|", fields, re.MULTILINE) == list(FIELDS)
