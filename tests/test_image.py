"""What the Dockerfile does, done without a container engine; then the image's own start."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests import image

pytestmark = pytest.mark.sweep


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder for roots, which are large, and remove it."""
    if os.geteuid() or subprocess.run(["unshare", "--mount", "true"], check=False).returncode:
        pytest.skip("only root can give a process a root of its own")
    if not image.PYTHON.exists():
        pytest.skip("Python 3.13 of the system plays the part of the base image")
    made = tmp_path_factory.mktemp("image")
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def built(folder: Path) -> image.Stage:
    """Give the image, built from what git keeps."""
    source = folder / "context"
    image.context(settings.ROOT, source)
    stage = image.build(settings.ROOT / "Dockerfile", source, folder)
    key = secrets.token_urlsafe(64)
    stage.env |= {"SECRET_KEY": key, "ALLOWED_HOSTS": "a.example", "BASE_URL": "https://a.example"}
    return stage


def test_image_holds_no_more_than_it_needs(built: image.Stage) -> None:
    app = built.root / "app"

    assert {path.name for path in app.iterdir()} == {
        *("bin", "pyproject.toml", "uv.lock", "README.md", "LICENSE", "manage.py", ".venv"),
        *("site", "quizzes", "courses", "certificates", "organisations", "locale", "static"),
    }
    assert (app / "locale" / "fr" / "LC_MESSAGES" / "django.mo").exists()
    assert (app / "static" / "staticfiles.json").exists()
    assert list(built.root.rglob("secret-key")) == []
    assert not (app / ".venv" / "lib" / "python3.13" / "site-packages" / "pytest").exists()


def test_image_migrates_starts_and_ends_without_a_network_on_a_read_only_root(
    built: image.Stage, folder: Path
) -> None:
    volume = folder / "volume"
    volume.mkdir()
    os.chown(volume, 10001, 10001)
    manage = " ".join(built.said["ENTRYPOINT"])
    migrated = built.run(f"{manage} migrate --verbosity 0", network=False, volume=volume)
    assert migrated.returncode == 0, migrated.stderr

    # Its health is asked in the same network, from beside it.
    health = " ".join(built.said["HEALTHCHECK"])
    [start] = built.said["CMD"]
    shell = (
        f"{manage} {start} & pid=$!; tries=60; "
        f"until {health}; do sleep 1; tries=$((tries - 1)); [ $tries -gt 0 ] || exit 9; done; "
        "kill -TERM $pid; wait $pid"
    )
    ran = built.run(shell, network=False, volume=volume)

    # Only the tasks that were done: "<time> info <logger> …".
    amiss = [line for line in ran.stderr.splitlines() if line.split()[1:2] != ["info"]]
    assert (ran.returncode, amiss) == (0, [])
    assert ran.stdout.splitlines()[-1] == "Tutela has ended."
    assert (volume / "tutela.sqlite3").stat().st_uid == 10001
