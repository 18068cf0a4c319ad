"""`python -m tests.upgrades keep` and `python -m tests.upgrades check` (make kept-database, make migrations)."""

from __future__ import annotations

import os
import sys
import tempfile

import django

USAGE = "python -m tests.upgrades check|keep"


def main(words: list[str]) -> int:
    """Run one of the two commands in an instance of their own, and return the exit status."""
    if words not in (["check"], ["keep"]):
        sys.stderr.write(f"{USAGE}\n")
        return 2
    with tempfile.TemporaryDirectory() as var:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"TUTELA_VAR": var, "DJANGO_SETTINGS_MODULE": "tutela.settings.demonstration"}
        django.setup()
        return keep() if words == ["keep"] else check()


def keep() -> int:
    """Write the kept database of the present version."""
    from . import keeping

    kept = keeping.keep()
    sys.stdout.write(f"{kept.name}: {kept.stat().st_size} bytes\n")
    return 0


def check() -> int:
    """Say what in the next release's migrations does not fit the release that is running."""
    from . import linting

    faults = linting.faults()
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    sys.stdout.write(f"migrations: {len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
