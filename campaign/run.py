"""One family in a process of its own, whose environment says which instance: `python -m campaign.run`."""

from __future__ import annotations

import importlib
import signal
import subprocess
import sys
import time
from pathlib import Path


def prepare() -> None:
    """Fill the database that DATABASE_URL names, from the stock of the tests where there is one."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        from tests.databases import open_sqlite, restore_curriculum

        restore_curriculum(open_sqlite(Path(connection.settings_dict["NAME"])))
    else:
        prepare_postgresql()
    if not settings.STATIC_ROOT.exists():
        call_command("collectstatic", interactive=False, verbosity=0)


def prepare_postgresql() -> None:
    """Fill a PostgreSQL database, which takes minutes, and keep a dump for the next run."""
    from django.core.management import call_command
    from django.db import connection

    from tests.databases import FOLDER, curriculum_digest

    from .cluster import find_binaries

    dump = FOLDER / f"postgresql-{curriculum_digest()}.dump"
    binaries = find_binaries()
    assert binaries
    name, host = connection.settings_dict["NAME"], connection.settings_dict["HOST"]
    options = ["-h", host, "-U", "tutela", "-d", name]
    if dump.exists():
        subprocess.run([binaries / "pg_restore", *options, "-j", "2", dump], check=True)
        return
    call_command("migrate", verbosity=0)
    call_command("load_curriculum", verbosity=0)
    for old in FOLDER.glob("postgresql-*.dump"):
        old.unlink()
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run([binaries / "pg_dump", *options, "-Fc", "-f", dump], check=True)


def main() -> None:
    """Run what is named, and hand its result over."""
    name, times, file = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    import django

    django.setup()
    if name == "prepare":
        prepare()
        return
    from .stage import Stage

    began = time.monotonic()
    stage = Stage()
    try:
        result = importlib.import_module(f"campaign.{name}").run(stage, times)
    except BaseException:
        print(stage.tail(), file=sys.stderr)
        raise
    finally:
        stage.close()
    result.broken += stage.broken
    result.checks, result.seconds = stage.checks, time.monotonic() - began
    result.write(file)


if __name__ == "__main__":
    main()
