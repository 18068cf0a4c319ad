"""Two web processes behind nginx, two workers, PostgreSQL, Valkey and a store: as one; restarted in turn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import timezone
from wagtail.models import Page

from organisations.api import appoint, root_of
from organisations.models import Role
from tutela.accounts.models import User

from . import neighbours
from .administrator import ADDRESS, Administrator
from .browser import Browser
from .learner import Learner, patiently
from .report import Result
from .stage import wait_until
from .started import Started
from .tasks import write_slowly
from .traffic import Traffic

if TYPE_CHECKING:
    from .stage import Stage

LOOK_UPS = 40


class Grown:
    """The large shape on one machine."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.webs = [Started(stage, "start", "--web-only") for _ in range(2)]
        self.workers = [Started(stage, "worker", "--interval", "0.1") for _ in range(2)]
        self.cache, self.store = neighbours.valkey(), neighbours.store()
        self.proxy = neighbours.nginx(stage.var.parent / "nginx", [web.port for web in self.webs])
        self.rows: list[list[str]] = []

    def open(self) -> None:
        """Start everything; visitors come through the proxy."""
        assert self.cache
        assert self.proxy
        self.cache.start()
        self.store.start()
        neighbours.make_bucket()
        for program in (*self.webs, *self.workers):
            program.start()
        self.proxy.start()
        self.stage.port = self.proxy.port

    def close(self) -> None:
        """Leave nothing running."""
        for program in (*self.webs, *self.workers, self.proxy, self.cache, self.store):
            if program:
                program.kill()

    def say(self, what: str, held: object, words: str = "") -> None:
        """Keep a line of the table; what does not hold is a broken promise."""
        self.rows.append([what, words or ("as with one" if held else "differs")])
        if not held:
            self.stage.note(f"two webs: {what} {words}")

    def both(self, path: str) -> list[str]:
        """Return a page as each web process serves it to a visitor."""
        return [Browser(web.port).get(path).body for web in self.webs]


def run(stage: Stage, times: int) -> Result:
    """Compare with one process, then restart and kill parts while learners go on."""
    grown = Grown(stage)
    if grown.cache is None or grown.proxy is None:
        return Result([], [], skipped="skipped: Valkey or nginx is not installed")
    try:
        grown.open()
        for part in (sessions, pages, translations, limits, uploads, exports, killed_worker):
            part(grown)
        restart(grown, rounds=max(1, times // 5))
    finally:
        grown.close()
    stage.read_log()
    return Result(["two web processes, two workers", "found"], grown.rows)


def sessions(grown: Grown) -> None:
    """Walk the journey, whose requests go to either process in turn."""
    learner = Learner(grown.stage)
    learner.walk(patiently)
    grown.stage.check("two webs", learner, certified=True)
    grown.stage.verify("two webs", learner)
    statuses = []
    for web in grown.webs:
        browser = Browser(web.port, cookies=dict(learner.browser.cookies))
        statuses.append(browser.get("/en/learning/").status)
    grown.say("sessions", statuses == [200, 200])


def pages(grown: Grown) -> None:
    """Publish a change, and look whether both processes show it at once."""
    first = grown.both("/en/courses/foundation/")
    page = Page.objects.get(url_path="/home/courses/foundation/", locale__language_code="en")
    page = page.specific
    page.title = "Foundation, changed by the campaign"
    page.save_revision().publish()
    second = grown.both("/en/courses/foundation/")
    held = (
        first[0] == first[1] and second[0] == second[1] and "changed by the campaign" in second[1]
    )
    grown.say("page cache: a change is seen at once in both", held)


def translations(grown: Grown) -> None:
    """Read a page in French from both."""
    one, other = grown.both("/fr/")
    grown.say("translations", one == other and 'lang="fr"' in one)


def limits(grown: Grown) -> None:
    """Look codes up through both in turn until the limit is reached."""
    # A minute begins anew for the count: at its end the count would be split.
    wait_until(lambda: timezone.now().second < 50, seconds=15)
    allowed = 0
    for number in range(LOOK_UPS + 4):
        browser = Browser(grown.webs[number % 2].port, address="203.0.113.99")
        allowed += browser.get("/verify/0123456789ABCDEFGHJKMNPQRS/").status != 429
    grown.say(
        "rate limits", allowed == LOOK_UPS, f"{allowed} of {LOOK_UPS} allowed by both together"
    )


def uploads(grown: Grown) -> None:
    """Upload through one, and read through the other."""
    person = Administrator(grown.stage)
    answer = person.upload("leaflet.pdf", b"%PDF-1.7 of the campaign")
    listed = person.browser.get("/cms/documents/").body
    found = re.search(r'href="(/documents/[^"]+)"', listed)
    bodies = grown.both(found[1]) if found else []
    grown.say("uploads", answer.acknowledged and bodies == ["%PDF-1.7 of the campaign"] * 2)


def exports(grown: Grown) -> None:
    """Export the records from both."""
    manager = User.objects.get(email=ADDRESS)
    appoint(manager, unit=root_of(grown.stage.organisation), role=Role.MANAGER, at=timezone.now())
    cookies = Administrator(grown.stage).browser.cookies
    path = "/en/organisations/campaign/records/export.csv"
    found = [Browser(web.port, cookies=dict(cookies)).get(path) for web in grown.webs]
    held = {one.status for one in found} == {200} and found[0].body == found[1].body
    grown.say("exports", held and found[0].body.count("\n") > 1)


def killed_worker(grown: Grown) -> None:
    """Kill the worker in the middle of a task; the other ends it, once."""
    file = grown.stage.var.parent / "slow-task"
    file.touch()
    write_slowly.enqueue(str(file))

    def lines(word: str) -> list[str]:
        return [line.split()[1] for line in file.read_text().splitlines() if line.startswith(word)]

    wait_until(lambda: lines("began"), seconds=20)
    victim = next(
        one for one in grown.workers if one.process and str(one.process.pid) in lines("began")
    )
    victim.kill()
    wait_until(lambda: lines("ended"), seconds=40)
    grown.stage.pause(3)
    grown.say(
        "a killed worker's task is ended once by the other",
        len(lines("began")) == 2 and len(lines("ended")) == 1,
        f"begun {len(lines('began'))} times, ended {len(lines('ended'))}",
    )
    victim.start()


def restart(grown: Grown, *, rounds: int) -> None:
    """Restart each web process and each worker in turn while learners and readers go on."""
    with Traffic(grown.stage) as traffic:
        grown.stage.pause(1)
        for _ in range(rounds):
            for program in (*grown.webs, *grown.workers):
                status = program.end()
                if status:
                    grown.stage.note(f"{' '.join(program.command)} ended with {status}")
                program.start()
                grown.stage.pause(0.5)
    grown.stage.check("rolling restart", *traffic.walked)
    grown.say(
        "rolling restart", not traffic.failed,
        f"{rounds} rounds, {traffic.sent} requests, {traffic.failed} failed",
    )  # fmt: skip
