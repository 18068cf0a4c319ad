"""A PostgreSQL of the campaign's own: only a socket, no port, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

# What is written is handed to the system at once, so that killing a process loses nothing; that a
# whole machine fails, and what its disk then keeps, is beyond this campaign.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = on
max_connections = 60
"""


def find_binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, if it is installed."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin")), Path("/usr/local/bin"),
               Path("/usr/bin")]  # fmt: skip
    return next((one for one in folders if (one / "initdb").exists()), None)


class Cluster:
    """Started, stopped and started again; `folder` holds its data and its socket."""

    def __init__(self, folder: Path) -> None:
        found = find_binaries()
        if found is None:
            raise FileNotFoundError("initdb")
        self.folder, self.binaries = folder, found

    def create(self) -> None:
        """Make it and start it."""
        self.folder.mkdir(exist_ok=True)
        if user := other_user():
            shutil.chown(self.folder, user)
            self.folder.chmod(0o755)
        self.do("initdb", "-U", "tutela", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        with (self.folder / "data" / "postgresql.conf").open("a", encoding="ascii") as file:
            file.write(SETTINGS.format(folder=self.folder))
        self.start()

    def start(self) -> None:
        """Start it, after waiting for what a kill left behind."""
        for _ in range(50):
            if self.do("pg_ctl", "-l", str(self.folder / "log"), "-w", "start", check=False):
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text(errors="replace")[-1000:])

    def stop(self) -> None:
        """Stop it as an administrator in a hurry does."""
        self.do("pg_ctl", "-m", "immediate", "stop", check=False)

    def kill(self) -> None:
        """`kill -9` everything of it."""
        from .failpoints import database_processes

        with suppress(FileNotFoundError):
            for pid in database_processes():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def copy(self, source: str, target: str) -> None:
        """Make a database out of another that nobody uses."""
        self.do_sql(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        self.do_sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def do_sql(self, command: str) -> None:
        """Run one command as the cluster's owner."""
        subprocess.run(
            [self.binaries / "psql", "-q", "-h", self.folder, "-U", "tutela", "-d", "postgres",
             "-c", command],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def url(self, name: str) -> str:
        """Return DATABASE_URL of one of its databases."""
        return f"postgresql://tutela:none-is-asked-for@/{name}?host={self.folder}"

    def do(self, program: str, *options: str, check: bool = True) -> bool:
        """Run one of its programs, never as root, and return whether it went well."""
        command = [str(self.binaries / program), "-D", str(self.folder / "data"), *options]
        done = subprocess.run(
            command, check=check, cwd="/", user=other_user(), group=other_group(), extra_groups=[]
            if other_user() else None, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return done.returncode == 0


def other_user() -> str | None:
    """Return whom to be where we are root: PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def other_group() -> int | None:
    """Return that user's group."""
    user = other_user()
    return pwd.getpwnam(user).pw_gid if user else None
