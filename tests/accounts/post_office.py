"""A mail server on loopback that keeps what it takes, and can be slow, full or rude."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

QUEUED = "tutela.accounts.mail.QueuedBackend"
POST = "tutela.accounts.mail.PostBackend"


class PostOffice(socketserver.ThreadingTCPServer):
    """Answers each command as SMTP wants it, or as `replies` says; an empty reply never comes.

    What `drips` is answered by a byte now and then, without end.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Clerk)
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.replies: dict[str, str] = {}
        self.drips: set[str] = set()
        self.connections = 0
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self.server_address[1])

    def mailers(self, **options: Any) -> dict[str, Any]:
        """Return the settings that send by this server."""
        way = {"host": "127.0.0.1", "port": self.port, "timeout": 0.3, **options}
        return {"default": {"BACKEND": QUEUED}, "post": {"BACKEND": POST, "OPTIONS": way}}


class Clerk(socketserver.StreamRequestHandler):
    """Serves one connection."""

    server: PostOffice

    def handle(self) -> None:
        self.server.connections += 1
        sender, recipients = "", list[str]()
        self.say("GREETING", "220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "MAIL":
                sender, recipients = line.partition("<")[2].partition(">")[0], []
            if verb == "RCPT" and "RCPT" not in self.server.replies:
                recipients.append(line.partition("<")[2].partition(">")[0])
            if verb == "DATA":
                self.say("GO ON", "354 go on")
                data = self.read_data()
                if "DATA" not in self.server.replies:
                    self.server.mails.append((sender, recipients, data))
            self.say(verb, "250 very well")
            if verb == "QUIT":
                return

    def read_data(self) -> bytes:
        """Return a mail up to its dot."""
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return b"".join(lines)

    def say(self, verb: str, usual: str) -> None:
        """Answer, or hold the line without a word."""
        if verb in self.server.drips:
            while not self.server.closing.wait(0.02):
                self.wfile.write(b"2")
            return
        reply = self.server.replies.get(verb, usual)
        if not reply:
            self.server.closing.wait()
            return
        self.wfile.write(f"{reply}\r\n".encode())


@contextmanager
def open_office() -> Iterator[PostOffice]:
    """Give a mail server that runs."""
    with PostOffice() as office:
        thread = threading.Thread(target=office.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield office
        finally:
            office.closing.set()
            office.shutdown()
            thread.join()
