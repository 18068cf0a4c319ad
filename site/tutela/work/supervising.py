"""One program out of several: starts its children, keeps them up, ends them together."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

GRACE_SECONDS = 10
RESTARTS, WITHIN_SECONDS = 3, 60


class PortTakenError(RuntimeError):
    """Another program listens where the web server should."""


class AddressError(RuntimeError):
    """Nobody, or not this user, can listen on that address."""


class ChildLostError(RuntimeError):
    """A child ended again and again."""


def claim_address(host: str, port: int) -> str:
    """Return the host's numeric address after trying the port with a plain socket.

    Two servers with SO_REUSEPORT would share a port silently, so the server cannot be asked.
    """
    if not 0 < port < 2**16:  # getaddrinfo would take what remains of it
        raise AddressError(f"Port {port} does not exist")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, _, _, address = found[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(f"Port {port} is taken") from error
        raise AddressError(f"{host}:{port} cannot be used ({error.strerror})") from error
    return str(address[0])


@dataclass
class Child:
    """A program to be kept up; its command is made anew from the number of the start."""

    name: str
    command: Callable[[int], list[str]]
    starts: list[float] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a session of its own: a Ctrl-C reaches it once, through the supervisor."""
        self.starts.append(time.monotonic())
        self.process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
            self.command(len(self.starts)), stdin=subprocess.DEVNULL, start_new_session=True
        )

    def status(self) -> int | None:
        """Return the exit status, or None while it runs."""
        return self.process.poll() if self.process else None

    def end(self) -> None:
        """Ask it to end."""
        if self.process and self.status() is None:
            self.process.terminate()

    def bury(self, *, deadline: float) -> None:
        """Wait for it until the deadline, then take its whole session down."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0, deadline - time.monotonic()))
        # A program that was killed leaves children of its own, which would keep the port.
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """Starts all children, restarts one that died, and ends all with one signal each."""

    def __init__(self, children: list[Child], *, say: Callable[[str], object]) -> None:
        self.children = children
        self.say = say
        self.ending = threading.Event()

    def run(self, *, each: Callable[[], object]) -> None:
        """Keep the children up until a signal comes; `each` is called on every round."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.ending.set())
        try:
            for child in self.children:
                child.start()
            while not self.ending.wait(0.2):
                for child in self.children:
                    if child.status() is not None:
                        self._restart(child)
                each()
        finally:
            self._end()

    def _restart(self, child: Child) -> None:
        status = child.status()
        child.bury(deadline=0)
        recent = [start for start in child.starts if start > time.monotonic() - WITHIN_SECONDS]
        if len(recent) > RESTARTS:
            raise ChildLostError(f"The {child.name} ended {len(recent)} times (status {status})")
        self.say(f"The {child.name} ended (status {status}) and is started again.")
        child.start()

    def _end(self) -> None:
        for child in self.children:
            child.end()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            child.bury(deadline=deadline)
