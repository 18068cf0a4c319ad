"""No test calls anybody: a connection that would leave this machine is an error."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

# Run by a Python in a network namespace of its own, where even the loopback is down.
LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_:
    fcntl.ioctl(any_, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running
os.execvp(sys.argv[1], sys.argv[1:])
"""


class OutgoingConnectionError(AssertionError):
    """Something of ours wanted to speak to another machine."""


def is_here(host: object) -> bool:
    """Tell whether a name or an address means this machine."""
    if host in {None, "", "localhost"} or str(host).endswith(".invalid"):  # no name server knows it
        return True
    try:
        address = ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def stay_here(patch: pytest.MonkeyPatch) -> None:
    """Refuse every connection of this process to, and every question about, another machine."""

    def guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not is_here(address[0]):
                raise OutgoingConnectionError(f"A connection to {address[0]}")
            return connect(self, address)

        return call

    ask = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_here(host):
            raise OutgoingConnectionError(f"A question about {host}")
        return ask(host, *args, **kwargs)

    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
    patch.setattr(socket, "getaddrinfo", getaddrinfo)
