"""Work that takes long enough to be killed in."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.tasks import task


@task(backend="queue")
def write_slowly(file: str) -> None:
    """Note that it began, wait, and note that it ended."""
    with Path(file).open("a", encoding="ascii") as lines:
        lines.write(f"began {os.getpid()}\n")
        lines.flush()
        time.sleep(2)
        lines.write(f"ended {os.getpid()}\n")
