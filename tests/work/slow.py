"""A task for the tests: it leaves a line at each beginning, and is slow the first time."""

from __future__ import annotations

import time
from pathlib import Path

from django.tasks import task


@task(backend="queue")
def slow_once(diary: str) -> int:
    """Write a line, sleep if it is the first, and return how many there are."""
    with Path(diary).open("a", encoding="ascii") as file:
        file.write("begun\n")
    begun = len(Path(diary).read_text(encoding="ascii").splitlines())
    if begun == 1:
        time.sleep(60)
    return begun
