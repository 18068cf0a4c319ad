"""One export in a process of its own: prints seconds, seconds to the first byte, and peak MB."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import django

django.setup()

from bench.figures import peak_memory_mb  # noqa: E402
from organisations.api import write_csv, write_xlsx  # noqa: E402  (needs the app registry)
from organisations.models import Record  # noqa: E402


def export(kind: str) -> tuple[float, float]:
    """Return seconds, and seconds to the first byte, of one export; `idle` exports nothing."""
    records = Record.objects.filter(organisation__slug="bench").order_by("completed_on", "id")
    began = time.perf_counter()
    day = records[0].completed_on
    first = 0.0
    with tempfile.TemporaryDirectory() as folder:
        if kind == "csv":
            with (Path(folder) / "records.csv").open("wb") as file:
                for chunk in write_csv(records, language="en", on=day):
                    first = first or time.perf_counter() - began
                    file.write(chunk)
        elif kind == "xlsx":
            write_xlsx(records, Path(folder) / "records.xlsx", language="en", on=day)
            first = time.perf_counter() - began
    return time.perf_counter() - began, first


if __name__ == "__main__":
    print(*export(sys.argv[1]), peak_memory_mb())
