"""A PostgreSQL of our own, gone at the end: only a socket, no port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Nothing has to survive the measuring; one process a statement, whose time can be read.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 1GB
max_wal_size = 8GB
max_parallel_workers_per_gather = 0
"""


@contextmanager
def throwaway_cluster() -> Iterator[str]:
    """Start a cluster and yield the address of its database."""
    folder = Path(tempfile.mkdtemp(prefix="tutela-bench-cluster-"))
    binaries = _binaries()
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        _run(
            binaries / "initdb", "-D", folder / "data", "-U", "tutela", "-A", "trust", "-E", "UTF8"
        )
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(SETTINGS.format(folder=folder))
        _run(binaries / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "start")
        try:
            _run(binaries / "createdb", "-h", folder, "-U", "tutela", "tutela")
            yield f"postgresql://tutela@/tutela?host={folder}"
        finally:
            _run(binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"))


def _run(*command: object) -> None:
    """Run a program of PostgreSQL, which refuses to be root."""
    drop = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
    words = [*(drop if os.getuid() == 0 else []), *map(str, command)]
    subprocess.run(words, check=True, cwd="/", stdout=subprocess.DEVNULL)  # noqa: S603
