"""Ready-made test databases: built once, copied in milliseconds.

Migrating takes seven seconds, copying a migrated SQLite file four milliseconds. A transactional
test empties every table behind it, and Wagtail's root page, locales and groups come from
migrations: so what such a test leaves is thrown away and the stock is copied again.
"""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from urllib.parse import quote, urlencode

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

type Build = Callable[[], object]

FOLDER: Path = settings.ROOT / "var" / "test-databases"


def digest(files: list[Path], *more: str) -> str:
    """Return a short name for the contents of these files."""
    sums = hashlib.sha256("\n".join(more).encode())
    for file in sorted(files):
        sums.update(f"\n{file}\n".encode() + file.read_bytes())
    return sums.hexdigest()[:16]


@cache
def migrations_digest() -> str:
    """Return a name that changes with our migrations, our models or any installed package."""
    ours = [
        Path(app.path) for app in apps.get_app_configs() if settings.ROOT in Path(app.path).parents
    ]
    ours = [folder for folder in ours if ".venv" not in folder.parts]
    # Permissions, content types and groups are made after migrating, from models and apps.
    kinds = ("migrations/*.py", "models.py", "models/*.py", "apps.py")
    files = [file for folder in ours for kind in kinds for file in folder.glob(kind)]
    packages = {f"{found.name}=={found.version}" for found in distributions()}
    return digest(files, *sorted(packages), *settings.INSTALLED_APPS)


@cache
def curriculum_digest() -> str:
    """Return a name that changes with anything a loaded curriculum depends on."""
    names = ("quizzes", "courses", "certificates", "organisations", "site", "locale")
    files = [
        file
        for name in names
        for kind in ("*.py", "*.yaml", "*.po")
        for file in (settings.ROOT / name).rglob(kind)
    ]
    return digest(files, migrations_digest())


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a lock among all test processes of this checkout."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        # Nothing is lost if the machine fails in a test: waiting for its disk took 50 of 60 ms.
        there.execute("PRAGMA synchronous = OFF")
        # A thread of the live server may still be connected; then the journal stays, only slower.
        with suppress(sqlite3.OperationalError):
            there.execute("PRAGMA journal_mode = OFF")
        here.backup(there)


class SqliteStock:
    """Files in `var/test-databases`, kept from run to run."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def put(self, kind: str, digest: str, build: Build) -> None:
        """Put this stock in place of what is there, building it if no run before this one did."""
        stock = FOLDER / f"{kind}-{digest}.sqlite3"
        with locked(kind):
            if not stock.exists():
                for old in FOLDER.glob(f"{kind}-*.sqlite3*"):
                    old.unlink()
                build()
                connection.close()
                unfinished = stock.with_suffix(".unfinished")
                _copy(self.target, unfinished)
                unfinished.rename(stock)
        connection.close()
        _copy(stock, self.target)


def _disconnect() -> None:
    """Leave nobody connected: PostgreSQL copies no database that is in use."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


class PostgresStock:
    """Template databases on the server, shared by the processes of a run and kept for the next."""

    def __init__(self, target: str) -> None:
        self.target = target

    def put(self, kind: str, digest: str, build: Build) -> None:
        """Put this stock in place of what is there, building it if no process before this one did."""
        prefix = f"test_stock_{kind}_"
        stock = f"{prefix}{digest}"
        with locked(kind):
            kept = {name for name in self._names() if name.startswith(prefix)}
            if stock not in kept:
                for old in kept:
                    self._drop(old)
                build()
                self._duplicate(self.target, stock)
        self._duplicate(stock, self.target)

    def _names(self) -> list[str]:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            return [name for (name,) in cursor.fetchall()]

    def _duplicate(self, source: str, target: str) -> None:
        self._drop(target)
        with connection._nodb_cursor() as cursor:
            cursor.execute(
                # Copied as files: through the log, as PostgreSQL does by default, it takes twice as long.
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(target), sql.Identifier(source)
                )
            )

    def _drop(self, name: str) -> None:
        _disconnect()
        with connection._nodb_cursor() as cursor:
            cursor.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


type Stock = SqliteStock | PostgresStock


def open_sqlite(target: Path) -> SqliteStock:
    """Return the stock of a SQLite run, with the connection pointed at its own migrated copy."""
    connection.close()
    connections.settings["default"]["NAME"] = str(target)
    stock = SqliteStock(target)
    restore_migrated(stock)
    return stock


def open_postgresql() -> PostgresStock:
    """Return the stock of a PostgreSQL run, whose test database has just been migrated."""
    stock = PostgresStock(connection.settings_dict["NAME"])
    stock.put("migrated", migrations_digest(), lambda: None)
    return stock


def migrate() -> None:
    """Migrate the database that the connection points at."""
    call_command("migrate", verbosity=0, interactive=False)


def restore_migrated(stock: Stock) -> None:
    """Bring back the database as the migrations leave it."""
    stock.put("migrated", migrations_digest(), migrate)
    ContentType.objects.clear_cache()


def restore_curriculum(stock: Stock) -> None:
    """Bring back the database with the starter curriculum loaded."""

    def build() -> None:
        restore_migrated(stock)
        call_command("load_curriculum", verbosity=0)

    stock.put("curriculum", curriculum_digest(), build)
    ContentType.objects.clear_cache()


def url() -> str:
    """Return what TEST_DATABASE_URL must be for another process to see this test's database."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    parts = {
        key: quote(str(connection.settings_dict[key]), safe="")
        for key in ("USER", "PASSWORD", "NAME")
    }
    where = urlencode({"host": connection.settings_dict["HOST"]})
    port = (
        f"localhost:{connection.settings_dict['PORT']}" if connection.settings_dict["PORT"] else ""
    )
    return f"postgresql://{parts['USER']}:{parts['PASSWORD']}@{port}/{parts['NAME']}?{where}"
