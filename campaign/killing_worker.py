"""`kill -9` of the worker in every transaction of its work: no mail is lost, no task is left behind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.core.mail import EmailMessage
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tutela.accounts.models import WaitingMail
from tutela.accounts.tasks import send_due_mail

from . import oracle
from .report import Result
from .stage import wait_until

if TYPE_CHECKING:
    from .stage import Stage

PLACES = ("before", "inside", "after")
# A worker's start, the claim of a task, the claim of the mail, its sending, the result, and so on.
TRANSACTIONS = 12


class Killing:
    """Kills a worker in one of its transactions, and lets the next one end the work."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.kills: Counter[tuple[int, str]] = Counter()
        self.twice = 0
        self.sent = 0

    def kill(self, number: int, place: str, statement: int) -> None:
        """Send a mail by workers of which the first is killed."""
        self.sent += 1
        address = f"mail-{self.sent}@example.org"
        EmailMessage("Subject", "Body", to=[address]).send()
        point = f"inside:{statement}" if place == "inside" else place
        self.stage.start_worker(f"{point} process {number}", batch=True)
        assert self.stage.worker
        self.stage.worker.join(30)
        if self.stage.worker.exitcode != 0:
            self.kills[number, place] += 1
        self.stage.start_worker(batch=True)
        self.stage.worker.join(30)
        what = f"worker killed {point} of its transaction {number}"
        wait_until(lambda: not self.unfinished(), seconds=1)
        if unfinished := self.unfinished():
            self.stage.note(f"{what}: {unfinished} tasks are left")
        if WaitingMail.objects.exists():
            self.send_late()
        arrived = self.arrived(address)
        self.twice += arrived == 2
        if arrived not in {1, 2}:
            self.stage.note(f"{what}: the mail was handed over {arrived} times")

    def unfinished(self) -> int:
        """Return how many tasks wait or run."""
        done = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
        return int(DBTaskResult.objects.exclude(status__in=done).count())

    def arrived(self, address: str) -> int:
        """Return how many mails came to an address."""
        return sum(f"To: {address}" in file.read_text() for file in self.stage.mail.glob("*.eml"))

    def send_late(self) -> None:
        """Let the minute's job send what no task sends any more: a claim holds for five minutes."""
        WaitingMail.objects.update(due_at="2000-01-01T00:00Z")
        send_due_mail.enqueue()
        self.stage.start_worker(batch=True)
        assert self.stage.worker
        self.stage.worker.join(30)


def run(stage: Stage, times: int) -> Result:
    """Kill a worker so many times at each point of each of its transactions."""
    stage.start_worker(batch=True)
    assert stage.worker
    stage.worker.join(60)
    killing = Killing(stage)
    for time in range(1, times + 1):
        for number in range(1, TRANSACTIONS + 1):
            place = PLACES[(time + number) % 3]
            killing.kill(number, place, time)
    oracle.forget_connection()
    stage.check("worker killed")
    stage.read_log()
    rows = [
        [str(number), *(str(killing.kills[number, place]) for place in PLACES)]
        for number in range(1, TRANSACTIONS + 1)
    ]
    rows.append([f"mails handed over twice: {killing.twice} of {killing.sent}", "", "", ""])
    return Result(["worker killed in its transaction", *PLACES], rows)
