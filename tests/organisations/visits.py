"""Where the pages of organisations stand, and what their tests send and read."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

BASE = "/en/organisations"
LISTS = ("people/", "records/", "records/export.csv", "records/export.xlsx", "invitations/")


def read_csv(response: Any) -> list[list[str]]:
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(content)))


def invite_lines(client: Client, lines: str, unit: str = "N") -> Any:
    form = {"lines": lines, "unit": unit, "language": "fr"}
    return client.post(f"{BASE}/first/invitations/", form)
