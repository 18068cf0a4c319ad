"""Figures: CPU and wall time of a piece of work, and tables of ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured piece of work: milliseconds of CPU and of wall time each, median of rounds."""

    name: str
    cpu: float
    wall: float
    queries: int | None = None

    @property
    def a_second(self) -> float:
        """How many of them a second one core does, one after the other."""
        return 1000 / self.wall if self.wall else 0.0


def measure(name: str, work: Callable[[], object], *, times: int, rounds: int = 5) -> Figure:
    """Return the median of some rounds, after one that is not counted."""
    work()
    cpus, walls = [], []
    for _ in range(rounds):
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(times):
            work()
        cpus.append((time.process_time() - cpu) * 1000 / times)
        walls.append((time.perf_counter() - wall) * 1000 / times)
    return Figure(name, statistics.median(cpus), statistics.median(walls))


def peak_memory_mb() -> float:
    """Return this program's peak resident memory, in MB (Linux counts in KiB).

    Not `ru_maxrss`: that one survives exec, and would show the peak of whoever started us.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def verdict(value: float, gate: float) -> str:
    """Return whether a gate is kept, and if not, by how much it is missed."""
    return "kept" if value <= gate else f"missed by {(value / gate - 1) * 100:.0f} %"
