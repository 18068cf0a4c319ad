"""A whole quiz: CPU of one, and how many a second when sixteen learners sit at once."""

from __future__ import annotations

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

from courses.outline import QUIZ
from quizzes.models import Attempt

from .figures import measure, table, verdict
from .scene import QuizTaker, client_of, first_of, make_learner

LEARNERS = 16
QUIZZES_EACH = 3


def measure_quizzes() -> str:
    """Return the tables of quizzes."""
    taker = QuizTaker(client_of(make_learner(2)))
    figure = measure("quiz", taker.take, times=3)
    alone = table(
        ["one quiz of 10 questions", "CPU ms", "requests", "gate of 80 ms"],
        [["in one process", f"{figure.cpu:.0f}", "24", verdict(figure.cpu, 80)]],
    )
    return f"{alone}\n\n{_measure_together()}"


class Browser:
    """A signed-in learner on a connection of her own."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = {settings.SESSION_COOKIE_NAME: session}

    def send(self, method: str, url: str, data: dict[str, object] | None = None) -> tuple[int, str]:
        """Send a request, keep its cookies, and return status and body or new address."""
        token = self.cookies.get(settings.CSRF_COOKIE_NAME, "")
        headers = {
            "Host": "localhost",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.connection.request(method, url, urlencode(data or {}, doseq=True), headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, answer.headers.get("Location") or body

    def take(self, start: str) -> None:
        """Take one quiz; every first choice is taken, right or not."""
        _, here = self.send("POST", start)
        base = re.sub(r"\d+/$", "", here)
        for position in range(1, 11):
            self.send("GET", f"{base}{position}/")
            _, page = self.send("GET", f"{base}{position}/")
            needed = 2 if 'type="checkbox"' in page else 1
            status, _ = self.send(
                "POST", f"{base}{position}/", {"choice": list(range(1, 1 + needed))}
            )
            assert status in {302, 303}, status
        self.send("GET", f"{base}check/")
        self.send("POST", f"{base}submit/")
        status, _ = self.send("GET", f"{base}result/")
        assert status == 200, status


def _measure_together() -> str:
    port = free_port()
    quiz = first_of(QUIZ)
    start = f"/en/learning/foundation/quizzes/{quiz.key}/"
    clients = [client_of(make_learner(100 + number)) for number in range(LEARNERS)]
    sessions = [client.cookies[settings.SESSION_COOKIE_NAME].value for client in clients]
    connection.close()
    before = Attempt.objects.count()
    server = _serve(port)
    try:
        browsers = [Browser(port, session) for session in sessions]
        for browser in browsers:
            browser.send("GET", "/en/learning/")
        times: list[float] = []
        wall = time.perf_counter()
        threads = [
            threading.Thread(target=_sit, args=(browser, start, times)) for browser in browsers
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall = time.perf_counter() - wall
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(10)
    done = Attempt.objects.filter(submitted_at__isnull=False).count()
    assert done >= LEARNERS * QUIZZES_EACH, (before, done)
    rows = [
        [
            str(LEARNERS),
            f"{len(times) / wall:.1f}",
            f"{statistics.median(times):.2f}",
            f"{max(times):.2f}",
        ]
    ]
    return table(["learners at once", "quizzes a second", "median s", "slowest s"], rows)


def _sit(browser: Browser, start: str, times: list[float]) -> None:
    for _ in range(QUIZZES_EACH):
        began = time.perf_counter()
        browser.take(start)
        times.append(time.perf_counter() - began)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _serve(port: int) -> subprocess.Popen[bytes]:
    """Start granian as `start` does, and wait until it answers."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "--no-ws", "tutela.wsgi:application"]
    server = subprocess.Popen(  # noqa: S603
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_for(port)
    return server


def wait_for(port: int) -> None:
    """Wait until a web server answers."""
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The web server did not answer.")
