"""One instance for one family of faults: its folder, its programs, its people, its log."""

from __future__ import annotations

import contextlib
import email
import email.policy
import multiprocessing
import os
import re
import signal
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from organisations.api import Charter, found_organisation, join, root_of
from organisations.models import Membership, Organisation
from tutela.accounts.models import User
from tutela.work.health import answers

from . import oracle
from .browser import HOST, Browser

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import ForkServerProcess

    from .learner import Learner

# A line that is not the log's own, or holds what a log must not.
SECRETS = (
    re.compile(r"Traceback \(most recent"),
    re.compile(r"pass phrase"),
    re.compile(r"learner-"),
)


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], object], *, seconds: float = 30, every: float = 0.02) -> bool:
    """Look again and again, and return whether it became true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(every)
    return False


class Stage:
    """A web server and a worker that can be killed and started again within a moment."""

    def __init__(self) -> None:
        self.var: Path = settings.VAR
        self.mail = self.var / "mail"
        self.log = self.var.parent / "instance.log"
        self.port = free_port()
        self.broken: list[str] = []
        self.checks = 0
        self.fork = multiprocessing.get_context("forkserver")
        self.fork.set_forkserver_preload(["campaign.programs"])
        self.web: ForkServerProcess | None = None
        self.worker: ForkServerProcess | None = None
        self.workers = 0
        self.organisation: Organisation = found_organisation(
            Charter(slug="campaign", name="The Campaign's Authority"), at=timezone.now()
        )

    # programs

    def run(self, target: str, *args: Any, **kwargs: Any) -> ForkServerProcess:
        """Start a program; `target` is its name in `campaign.programs`."""
        process = self.fork.Process(target=start, args=(target, args, kwargs))
        process.start()
        return process

    def start_web(self) -> None:
        """Serve, and return when it answers."""
        self.web = self.run("serve", self.port, str(self.log))
        if not wait_until(lambda: answers("127.0.0.1", self.port), seconds=30):
            raise AssertionError(f"The web server does not answer: {self.tail()}")

    def start_worker(self, point: str = "", *, batch: bool = False) -> None:
        """Work on the queue in place of the worker before."""
        self.workers += 1
        name, before = f"campaign-{self.workers}", f"campaign-{self.workers - 1}"
        self.worker = self.run("work", name, before, point, str(self.log), batch=batch)

    def restart_web(self) -> None:
        """Bury a web server that was killed, and start the next."""
        self.end(self.web)
        self.start_web()

    def end(self, process: ForkServerProcess | None) -> None:
        """Kill a program with all that it started."""
        if process is None or process.pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.join(10)

    def close(self) -> None:
        """Leave nothing running."""
        self.end(self.web)
        self.end(self.worker)
        oracle.forget_connection()

    # people

    def make_member(self, address: str) -> None:
        """Let a person who signed up work for the campaign's organisation."""
        person = User.objects.filter(email=address).first()
        if person and not Membership.objects.filter(person=person).exists():
            unit = root_of(self.organisation)
            join(person, unit=unit, name="Somebody", at=timezone.now())

    def mailed_code(self, address: str, *, seconds: float, but: str = "") -> str:
        """Return the code in the newest mail to this address, waiting for another than this."""
        wait_until(lambda: self.newest_code(address) not in {"", but}, seconds=seconds)
        return self.newest_code(address)

    def wait_for_mail(self, address: str, *, seconds: float) -> None:
        """Wait until any mail came to an address."""
        wait_until(
            lambda: any(f"To: {address}" in file.read_text() for file in self.mail.glob("*.eml")),
            seconds=seconds,
            every=0.05,
        )

    def newest_code(self, address: str) -> str:
        """Return the code in the newest mail to this address, empty if it holds none."""
        for file in sorted(self.mail.glob("*.eml"), reverse=True):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if message["To"] == address and (part := message.get_body(("plain",))):
                found = re.search(r"^\s*(\d{6})\s*$", part.get_content(), re.MULTILINE)
                return found[1] if found else ""
        return ""

    def pause(self, seconds: float) -> None:
        """Wait a little."""
        time.sleep(seconds)

    # promises

    def note(self, *faults: str) -> None:
        """Keep what is broken for the report."""
        self.broken.extend(faults)

    def check(
        self, what: str, *learners: Learner, certified: bool = False, recorded: bool = True
    ) -> None:
        """Ask the oracle about learners, and `check_records` about everything."""
        for learner in learners:
            self.note(
                *(
                    f"{what}: {one}"
                    for one in oracle.faults_of(learner, certified=certified, recorded=recorded)
                )
            )
        self.checks += 1
        checking = self.run("check", str(self.var.parent / "check.log"))
        checking.join(60)
        if checking.exitcode != 0:
            said = (self.var.parent / "check.log").read_text(errors="replace").splitlines()
            self.note(f"{what}: check_records says {'; '.join(said[-3:])}")

    def verify(self, what: str, learner: Learner) -> None:
        """Look whether anybody can verify her certificate."""
        page = Browser(self.port).get(f"/verify/{oracle.code_of(learner)}/")
        if page.status != 200 or "This certificate is valid" not in page.body:
            self.note(f"{what}: the certificate of {learner.name} answers {page.status}")

    def read_log(self) -> None:
        """Note lines that a log must not have."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        shown = mails_cut_out(text)
        for pattern in SECRETS:
            if line := next((line for line in shown.splitlines() if pattern.search(line)), ""):
                self.note(f"the log says {line[:100]}")

    def tail(self) -> str:
        """Return the log's end."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""


def mails_cut_out(text: str) -> str:
    """Return a log without the mails that an instance without a mail server shows in it."""
    return re.sub(r"\n--- mail to .*?\n---\n", "\n", text, flags=re.DOTALL)


def start(target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Run a program in the forked process, which has loaded them all."""
    from campaign import programs

    getattr(programs, target)(*args, **kwargs)


__all__ = ["HOST", "Stage", "free_port", "wait_until"]
