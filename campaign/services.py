"""Servers beside an instance go away: Valkey, store, mail server, database; or its pool runs dry."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from django.core.mail import EmailMessage
from django.db import connection

from tutela.accounts.models import WaitingMail

from . import neighbours, oracle
from .administrator import Administrator
from .browser import Browser
from .cluster import Cluster
from .learner import COURSE, Learner, patiently, plainly
from .report import Result
from .stage import wait_until

if TYPE_CHECKING:
    from .stage import Stage

PATIENT_SECONDS = 15
UNAVAILABLE = 503


class Services:
    """A large instance with one web process, whose neighbours are taken away one by one."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.cluster = Cluster(Path(os.environ["CAMPAIGN_CLUSTER"]))
        self.rows: list[list[str]] = []

    def say(self, what: str, held: object, words: str) -> None:
        """Keep a line of the table; what does not hold is a broken promise."""
        self.rows.append([what, words])
        if not held:
            self.stage.note(f"{what}: {words}")

    def walk(self, what: str) -> float:
        """Take a learner through the journey, and return the seconds that it took."""
        began = time.monotonic()
        learner = Learner(self.stage)
        learner.walk(plainly)
        self.stage.check(what, learner, certified=True)
        self.stage.verify(what, learner)
        return time.monotonic() - began


def run(stage: Stage, times: int) -> Result:
    """Take each neighbour away and give it back."""
    cache, store = neighbours.valkey(), neighbours.store()
    if cache is None:
        return Result([], [], skipped="skipped: Valkey is not installed")
    services = Services(stage)
    try:
        cache.start()
        store.start()
        neighbours.make_bucket()
        stage.start_web()
        stage.start_worker()
        services.walk("everything is there")
        without_cache(services, cache)
        without_store(services, store)
        without_mail(services)
        for _ in range(max(1, times // 5)):
            restarted_database(services)
        exhausted_pool(services)
    finally:
        cache.kill()
        store.kill()
    stage.read_log()
    return Result(["what goes away", "found"], services.rows)


def without_cache(services: Services, cache: neighbours.Neighbour) -> None:
    """Kill Valkey while somebody is signed in."""
    learner = Learner(services.stage)
    learner.walk(plainly, until="enrol")
    cache.kill()
    status = learner.browser.get("/en/learning/").status
    seconds = services.walk("without Valkey")
    cache.start()
    services.walk("with Valkey again")
    held = status == 200
    services.say("Valkey", held, f"sessions hold; a whole journey, {seconds:.0f} s, none refused")


def without_store(services: Services, store: neighbours.Neighbour) -> None:
    """Kill the store, upload, and upload again."""
    person = Administrator(services.stage)
    store.kill()
    status = person.upload("report.pdf", b"%PDF-1.7").status
    services.walk("without the store")
    store.start()
    neighbours.make_bucket()
    again = person.upload("report.pdf", b"%PDF-1.7").acknowledged
    held = status == UNAVAILABLE and again and person.documents("report") == 1
    services.say("store", held, f"an upload is answered {status}; learners go on")


def without_mail(services: Services) -> None:
    """Take the place where mail is handed over away, and look whether it waits and goes later."""
    mail = services.stage.mail
    mail.rename(kept := mail.with_name("mail-away"))
    mail.write_text("no folder", encoding="ascii")
    EmailMessage("Subject", "Body", to=["later@example.org"]).send()
    waits = wait_until(lambda: WaitingMail.objects.filter(failures__gt=0).exists(), seconds=20)
    mail.unlink()
    kept.rename(mail)
    WaitingMail.objects.update(due_at="2000-01-01T00:00Z")
    arrived = wait_until(lambda: not WaitingMail.objects.exists(), seconds=130)
    services.say("mail server", waits and arrived, "mail waits in the queue, and goes when it can")


def restarted_database(services: Services) -> None:
    """Restart the database under a learner, and count what she was refused."""
    learner = Learner(services.stage)
    learner.walk(plainly, until="enrol")
    services.cluster.stop()
    path = f"/en/learning/{COURSE}/enrol/"
    refused = learner.browser.post(path, {}).status
    public = Browser(services.stage.port).get("/healthz").status
    services.cluster.start()
    began = time.monotonic()
    while learner.browser.post(path, {}).status >= UNAVAILABLE:
        if time.monotonic() - began > PATIENT_SECONDS:
            break
    seconds = time.monotonic() - began
    oracle.forget_connection()
    services.stage.check("the database was restarted", learner)
    held = refused == UNAVAILABLE and public == 200 and seconds < PATIENT_SECONDS
    services.say("database", held, f"answered {refused}; served {seconds:.1f} s after its start")


def exhausted_pool(services: Services) -> None:
    """Hold every row of progress from outside, and send more forms than there are connections."""
    learner = Learner(services.stage)
    learner.walk(plainly, until="enrol")
    step = next(part for part in learner.part(oracle.steps_of(COURSE)[0], ""))
    statuses: list[int] = []
    name = connection.settings_dict["NAME"]
    with psycopg.connect(host=str(services.cluster.folder), user="tutela", dbname=name) as outside:
        outside.execute("LOCK TABLE courses_enrolment IN ACCESS EXCLUSIVE MODE")
        threads = [
            threading.Thread(
                target=lambda: statuses.append(
                    Browser(learner.browser.port, cookies=dict(learner.browser.cookies))
                    .post(step.path, {}).status
                )
            )
            for _ in range(8)
        ]  # fmt: skip
        for thread in threads:
            thread.start()
        services.stage.pause(PATIENT_SECONDS)
        outside.rollback()
    for thread in threads:
        thread.join()
    with suppress(Exception):
        oracle.forget_connection()
    answer = patiently(learner, step)
    services.stage.check("the pool ran dry", learner)
    held = answer.acknowledged and set(statuses) <= {302, 303, UNAVAILABLE}
    refused = statuses.count(UNAVAILABLE)
    services.say("pool", held, f"of 8 at once {refused} answered 503, {8 - refused} done")
