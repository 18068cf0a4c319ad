"""The text that Prometheus reads, of one process and of several together."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from tutela.work import counting
from tutela.work.watching import Reading, State

COUNT = """
import sys
from tutela.work import counting
counting.count_request("GET", "page", 200, seconds=0.02)
if sys.argv[1:]:
    sys.stdout.buffer.write(counting.exposition([]))
"""


def test_readings_are_gauges_with_a_state() -> None:
    readings = [Reading("queue_tasks", State.LOOK, 12, "12 tasks wait.")]

    lines = counting.exposition(readings).decode().splitlines()

    assert "tutela_queue_tasks 12.0" in lines
    assert 'tutela_state{reading="queue_tasks"} 1.0' in lines


def test_the_processes_of_one_start_are_counted_together(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "counts"
    folder.mkdir()
    environment = {
        **os.environ,
        counting.FOLDER: str(folder),
    }

    def run(*arguments: str) -> str:
        command = [sys.executable, "-c", COUNT, *arguments]
        done = subprocess.run(
            command, env=environment, cwd=settings.ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout

    run()
    lines = run("tell").splitlines()

    assert 'tutela_requests_total{method="GET",route="page",status="2xx"} 2.0' in lines
    assert 'tutela_request_seconds_bucket{le="0.025",route="page"} 2.0' in lines


@pytest.mark.parametrize("memory", ["memory", "none"])
def test_a_start_begins_with_an_empty_folder_and_leaves_none(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: str
) -> None:
    (tmp_path / "memory").mkdir()
    settings.VAR = tmp_path
    monkeypatch.setattr(counting, "MEMORY", tmp_path / memory)
    monkeypatch.setenv(counting.FOLDER, "")
    place = tmp_path / "memory" if memory == "memory" else tmp_path
    killed = place / f"tutela-{settings.HOST}-{settings.PORT}-left"
    killed.mkdir()

    counting.open_folder()
    folder = Path(os.environ[counting.FOLDER])
    assert (killed.exists(), folder.parent, list(folder.iterdir())) == (False, place, [])

    counting.close_folder()
    assert (counting.FOLDER in os.environ, folder.exists()) == (False, False)
