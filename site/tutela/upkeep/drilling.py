"""A restore for practice: into a place of its own that vanishes, out of reach of the live instance."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from . import databases, manifests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .manifests import Manifest

# All that the practice inherits: where programs are. No database, no mail server, no storage, no key.
INHERITED = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


class DrillError(RuntimeError):
    """The backup could not be restored."""


def environment(var: Path, *, database_url: str) -> dict[str, str]:
    """Return the variables of an instance that is nobody's: it lives in `var` and speaks to nobody."""
    return {
        **{name: os.environ[name] for name in INHERITED if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "tutela.settings.production",
        "TUTELA_VAR": str(var),
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "drill.invalid",
        "BASE_URL": "https://drill.invalid",
    }


def drill(backup: Path, *, scratch: Path | None = None, sample: int = 20) -> str:
    """Restore a backup as on an empty machine, and return what that said; nothing of it stays."""
    manifest = manifests.read(backup)
    if scratch:
        scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="tutela-drill-", dir=scratch) as place,
        _database(manifest, Path(place)) as url,
    ):
        command = [sys.executable, "-m", "django", "restore", str(backup.resolve())]
        done = subprocess.run(  # noqa: S603  (ourselves)
            [*command, "--sample", str(sample), "--verbosity", "0"],
            cwd=settings.ROOT,
            env=environment(Path(place), database_url=url),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise DrillError(f"{done.stdout}{done.stderr}".strip())
    return done.stdout


@contextmanager
def _database(manifest: Manifest, place: Path) -> Iterator[str]:
    """Give the address of a database that is gone afterwards."""
    if manifest.vendor == "sqlite":
        yield f"sqlite:///{place / 'tutela.sqlite3'}"
        return
    if connection.vendor != manifest.vendor:
        raise DrillError("A backup of PostgreSQL is tried where DATABASE_URL names a PostgreSQL.")
    # Beside the live one and never in it: a name that nobody has, and only what we made is dropped.
    with databases.spare_database(f"tutela_drill_{secrets.token_hex(8)}") as name:
        yield address_of(name)


def address_of(name: str) -> str:
    """Return the DATABASE_URL of another database on the live one's server."""
    said = {key: str(value or "") for key, value in connection.settings_dict.items()}
    who = ":".join(quote(said[key], safe="") for key in ("USER", "PASSWORD"))
    port = f"localhost:{said['PORT']}" if said["PORT"] else ""
    return f"postgresql://{who}@{port}/{quote(name, safe='')}?{urlencode({'host': said['HOST']})}"
