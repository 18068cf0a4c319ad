"""Run the families of faults one after the other, each on an instance of its own: `make campaign`."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.figures import table

from . import cluster, report

ROOT = Path(__file__).resolve().parents[1]
LONGEST_SECONDS = 600


@dataclass(frozen=True)
class Family:
    """A module of this package, and on which database it runs."""

    name: str
    module: str
    on_postgresql: bool = False
    large: bool = False
    clock: bool = False


FAMILIES = (
    Family("web server killed, SQLite", "killing_web"),
    Family("web server killed, PostgreSQL", "killing_web", on_postgresql=True),
    Family("database server killed", "killing_database", on_postgresql=True),
    Family("worker killed, SQLite", "killing_worker"),
    Family("worker killed, PostgreSQL", "killing_worker", on_postgresql=True),
    Family("forms pressed at once, SQLite", "pressing"),
    Family("forms pressed at once, PostgreSQL", "pressing", on_postgresql=True),
    Family("full disk", "filling"),
    Family("SIGTERM while requests run", "ending"),
    Family("grown, and restarted in turn", "growing", on_postgresql=True, large=True),
    Family("services away", "services", on_postgresql=True, large=True),
    Family("clock jumps", "clock", clock=True),
    Family("slow clients", "slow"),
)


class Campaign:
    """The folder, the databases to copy, and the environment of every instance."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster: cluster.Cluster | None = None

    def environment(self, place: Path, database: str) -> dict[str, str]:
        """Return the variables of one production instance, and none of this machine's own."""
        keep = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        return {
            **keep,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
            "DJANGO_SETTINGS_MODULE": "campaign.settings",
            "TUTELA_VAR": str(place / "var"),
            "STATIC_ROOT": str(self.folder / "static"),
            "DATABASE_URL": database,
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": "tutela.test",
            "BASE_URL": "https://tutela.test",
            "NUMBER_OF_PROXIES": "1",
            "OFFER_UNREVIEWED": "1",
            "REQUIRE_SECOND_FACTOR": "0",
            "WEB_WORKERS": "1",
            "TASK_LEASE_SECONDS": "6",
            "CAMPAIGN_CLUSTER": str(self.cluster.folder) if self.cluster else "",
        }

    def open_cluster(self) -> bool:
        """Make the PostgreSQL with a filled database, once; return whether there can be one."""
        if self.cluster or cluster.find_binaries() is None:
            return self.cluster is not None
        self.cluster = cluster.Cluster(self.folder / "cluster")
        self.cluster.create()
        self.cluster.do_sql("CREATE DATABASE base")
        self.fill(self.cluster.url("base"))
        return True

    def fill(self, database: str) -> None:
        """Migrate a database and load the curriculum."""
        place = self.folder / "filling"
        place.mkdir(exist_ok=True)
        self.call("prepare", 0, place, database)

    def database(self, family: Family, place: Path) -> str:
        """Return DATABASE_URL of a filled database for this family alone."""
        if family.on_postgresql:
            assert self.cluster
            self.cluster.copy("base", family.module)
            return self.cluster.url(family.module)
        base = self.folder / "base.sqlite3"
        if not base.exists():
            self.fill(f"sqlite:///{base}")
        file = place / "database" / "tutela.sqlite3"
        file.parent.mkdir()
        shutil.copy(base, file)
        return f"sqlite:///{file}"

    def run(self, family: Family, times: int) -> report.Result:
        """Return what a family found; one that cannot end says so, too."""
        if family.on_postgresql and not self.open_cluster():
            return report.Result([], [], skipped="skipped: PostgreSQL is not installed")
        place = Path(tempfile.mkdtemp(dir=self.folder, prefix=f"{family.module}-"))
        place.chmod(0o755)
        database = self.database(family, place)
        began = time.monotonic()
        try:
            more = large_variables() if family.large else {}
            more |= {"DATABASE_POOL": "2"} if family.module == "services" else {}
            more |= clock_variables(place) if family.clock else {}
            self.call(family.module, times, place, database, more)
            return report.read(place / "result.json")
        except (subprocess.SubprocessError, FileNotFoundError) as error:
            return report.Result(
                [], [], broken=[f"it did not end: {error}"], seconds=time.monotonic() - began
            )

    def call(
        self,
        module: str,
        times: int,
        place: Path,
        database: str,
        more: dict[str, str] | None = None,
    ) -> None:
        """Run a family's process, within its time."""
        (place / "var").mkdir(exist_ok=True)
        command = [sys.executable, "-m", "campaign.run", module, str(times)]
        process = subprocess.Popen(
            [*command, str(place / "result.json")],
            cwd=ROOT, env=self.environment(place, database) | (more or {}),
        )  # fmt: skip
        try:
            if status := process.wait(timeout=LONGEST_SECONDS):
                raise subprocess.CalledProcessError(status, command)
        finally:
            process.terminate()  # it closes its stage, and leaves nothing running
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()

    def close(self) -> None:
        """Stop what runs."""
        if self.cluster:
            self.cluster.stop()


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def large_variables() -> dict[str, str]:
    """Return what makes an instance a large one: where its Valkey and its store will be."""
    return {
        "CACHE_URL": f"redis://127.0.0.1:{free_port()}/0",
        "S3_BUCKET": "media",
        "S3_ENDPOINT": f"http://127.0.0.1:{free_port()}",
        "S3_ACCESS_KEY": "campaign",
        "S3_SECRET_KEY": secrets.token_urlsafe(20),
    }


def clock_variables(place: Path) -> dict[str, str]:
    """Return what lets a file set the clock of an instance, where libfaketime is installed."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        return {}
    file = place / "clock"
    file.write_text("+0", encoding="ascii")
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def main() -> None:
    """Run, print, and write the tables: of families that did not run now, as they were last."""
    parser = argparse.ArgumentParser(prog="make campaign", description=__doc__)
    parser.add_argument("--only", default="", help="only families whose name holds this")
    parser.add_argument("--times", type=int, default=20, help="how often each point is struck")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    results = []
    with tempfile.TemporaryDirectory(prefix="tutela-campaign-") as name:
        Path(name).chmod(0o755)
        campaign = Campaign(Path(name))
        try:
            for family in FAMILIES:
                if options.only not in family.name:
                    continue
                print(f"{family.name} …", flush=True)
                result = campaign.run(family, options.times)
                report.sign(result, name=family.name, times=options.times)
                results.append(result)
                print(table(result.head, result.rows) if result.rows else result.skipped)
                for line in result.broken:
                    print(f"BROKEN: {line}")
                print(f"{result.seconds:.0f} s, {result.checks} checks\n", flush=True)
        finally:
            campaign.close()
    report.keep(results, names=[family.name for family in FAMILIES])
    sys.exit(any(result.broken for result in results))


if __name__ == "__main__":
    main()
