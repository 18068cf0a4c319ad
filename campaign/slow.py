"""Clients that send or read a byte now and then, without a proxy and behind one."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from . import neighbours
from .browser import HOST, TOKEN, Browser
from .learner import Learner, patiently
from .report import Result
from .started import Started

if TYPE_CHECKING:
    from .stage import Stage

MANY = 64
WATCHED_SECONDS = 8


class SlowClients:
    """Open connections, each of which sends a byte a second."""

    def __init__(self, port: int, *, body: bool) -> None:
        self.port, self.body = port, body
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.send)

    def head(self) -> bytes:
        """Return what is sent at once: nothing but a line, or a whole head without its body."""
        line = "POST /accounts/login/ HTTP/1.1\r\n"
        if not self.body:
            return line.encode()
        # With a token's first half the site has to read the form for the other.
        head = {
            "Host": HOST,
            "Origin": f"https://{HOST}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.9",
            "Cookie": f"{TOKEN}={'a' * 32}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": "5000",
        }
        return (
            line + "".join(f"{name}: {value}\r\n" for name, value in head.items())
        ).encode() + b"\r\n"

    def send(self) -> None:
        """Drip until the end."""
        open_ = []
        for _ in range(MANY):
            with suppress(OSError):
                one = socket.create_connection(("127.0.0.1", self.port), 5)
                one.sendall(self.head())
                open_.append(one)
        while not self.ended.wait(1):
            for one in open_:
                with suppress(OSError):
                    one.sendall(b"a")
        for one in open_:
            one.close()

    def __enter__(self) -> None:
        self.thread.start()
        time.sleep(2)

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()


def run(stage: Stage, times: int) -> Result:
    """Let learners go on beside slow clients of either kind."""
    web = Started(stage, "start", "--web-only")
    proxy = neighbours.nginx(stage.var.parent / "nginx", [web.port])
    stage.start_worker()
    rows = []
    try:
        web.start()
        places = [("without a proxy", web.port)]
        if proxy:
            proxy.start()
            places.append(("behind nginx", proxy.port))
        for place, port in places:
            for body in (False, True):
                served, slowest = beside(stage, port, body=body)
                what = f"{MANY} slow {'forms' if body else 'heads'}, {place}"
                rows.append([what, str(served), f"{slowest * 1000:.0f}"])
                if not served and (place != "without a proxy" or not body):
                    stage.note(f"{what}: no page was served")
        stage.port = proxy.port if proxy else web.port
        learner = Learner(stage)
        learner.walk(patiently)
        stage.check("slow clients", learner, certified=True)
    finally:
        web.kill()
        if proxy:
            proxy.kill()
    stage.read_log()
    return Result([f"beside, for {WATCHED_SECONDS} s", "pages served", "slowest, ms"], rows)


def beside(stage: Stage, port: int, *, body: bool) -> tuple[int, float]:
    """Return how many pages were served meanwhile, and the slowest."""
    served, slowest = 0, 0.0
    with SlowClients(port, body=body):
        until = time.monotonic() + WATCHED_SECONDS
        while time.monotonic() < until:
            began = time.monotonic()
            answer = Browser(port, timeout=2).get("/en/")
            if answer.status == 200:
                served += 1
                slowest = max(slowest, time.monotonic() - began)
    stage.pause(1)
    return served, slowest
