"""A disk that is full: for the database, for everything that an instance keeps, for its log."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection

from . import oracle
from .administrator import Administrator
from .browser import Answer, Browser
from .learner import ANSWER, COMPLETE, LESSON, START, SUBMIT, Learner, Step, patiently
from .report import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .stage import Stage

SPARE = 4 * 1024 * 1024
KINDS = (LESSON, START, ANSWER, SUBMIT, COMPLETE)
PUBLIC = ("/en/", "/en/courses/foundation/", "/verify/", "/accounts/login/")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Put a folder with what it holds on a small disk of its own."""
    folder.mkdir(exist_ok=True)
    kept = folder.with_name(f"{folder.name}-kept")
    shutil.copytree(folder, kept)
    size = SPARE + sum(file.stat().st_size for file in kept.rglob("*") if file.is_file())
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    subprocess.run(command, check=True)
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave no byte free meanwhile."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    try:
        yield
    finally:
        ballast.unlink()


class Filling:
    """Fills the disk under the first form of each kind, and looks at the answer."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, self.folder = stage, folder
        self.found: Counter[tuple[str, str]] = Counter()
        self.seen: set[str] = set()

    def press(self, learner: Learner, step: Step) -> Answer:
        """Press while the disk is full, and again when there is room."""
        if step.kind in KINDS and step.kind not in self.seen:
            self.seen.add(step.kind)
            with filled(self.folder):
                # A little may still fit into pages that are there already: until nothing does.
                answer = learner.press(step)
            self.judge(step, answer)
        return patiently(learner, step)

    def judge(self, step: Step, answer: Answer) -> None:
        """Note what is neither stored nor refused honestly."""
        if answer.acknowledged:
            self.found[step.kind, "stored"] += 1
        elif answer.status == 503:
            self.found[step.kind, "503"] += 1
            kept = step.fields.get("choice") or []
            if any(f'value="{place}"' not in answer.body for place in kept):
                self.stage.note(f"{step.kind}, disk full: the 503 lost the answer")
        else:
            self.stage.note(f"{step.kind}, disk full: answered {answer.status}")

    def read_pages(self) -> None:
        """Read public pages while the disk is full."""
        with filled(self.folder):
            for path in PUBLIC:
                status = Browser(self.stage.port).get(path).status
                self.found["page", str(status)] += 1
                if status != 200:
                    self.stage.note(f"{path}, disk full: answered {status}")


def run(stage: Stage, times: int) -> Result:
    """Fill the disks of an instance, one after the other."""
    if os.geteuid() != 0:
        return Result([], [], skipped="skipped: only root can mount a small disk")
    database = Path(connection.settings_dict["NAME"]).parent
    found: dict[str, Counter[tuple[str, str]]] = {}
    for name, folder in (("database", database), ("var", stage.var)):
        oracle.forget_connection()
        with small_disk(folder):
            shutil.rmtree(stage.var / "cache", ignore_errors=True)
            stage.start_web()
            stage.start_worker()
            filling = Filling(stage, folder)
            for _ in range(max(1, times // 4)):
                filling.seen = set()
                learner = Learner(stage)
                learner.walk(filling.press)
                stage.check(f"disk full for {name}", learner, certified=True)
                stage.verify(f"disk full for {name}", learner)
            filling.read_pages()
            if name == "var":
                upload(stage, folder, filling)
            stage.end(stage.web)
            stage.end(stage.worker)
            oracle.forget_connection()
        found[name] = filling.found
    log(stage)
    stage.read_log()
    kinds = sorted({key for one in found.values() for key in one})
    rows = [[f"{kind}: {answer}", *(str(found[name][kind, answer]) for name in found)]
            for kind, answer in kinds]  # fmt: skip
    return Result(["while the disk is full", *(f"of {name}" for name in found)], rows)


def upload(stage: Stage, folder: Path, filling: Filling) -> None:
    """Upload a document while there is no room for media, and again when there is."""
    person = Administrator(stage)
    with filled(folder):
        answer = person.upload("leaflet.pdf", b"%PDF-1.7" + b"x" * 300_000)
    filling.found["upload", str(answer.status)] += 1
    if answer.status != 503:
        stage.note(f"an upload, disk full: answered {answer.status}")
    if person.documents("leaflet"):
        stage.note("an upload, disk full: a document without its file")
    if not person.upload("leaflet.pdf", b"%PDF-1.7").acknowledged or not person.documents(
        "leaflet"
    ):
        stage.note("an upload after a full disk fails")


def log(stage: Stage) -> None:
    """Write the log to a disk that is full from the start."""
    folder = stage.var.parent / "log"
    kept, stage.log = stage.log, folder / "instance.log"
    with small_disk(folder), filled(folder):
        stage.start_web()
        stage.start_worker()
        learner = Learner(stage)
        learner.walk(patiently)
        stage.check("disk full for the log", learner, certified=True)
        stage.end(stage.web)
        stage.end(stage.worker)
    stage.log = kept
