"""Nothing of Tutela calls out: each test is watched, and a whole journey runs without a network."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from tests.network import LOOPBACK_UP, OutgoingConnectionError

# In a network namespace of its own a process has nothing but a loopback, which is down.
UNSHARE = ("unshare", "--map-root-user", "--net")
JOURNEY = "tests/e2e/test_learning.py::test_learner_without_javascript"


def test_a_call_to_another_machine_is_an_error() -> None:
    with socket.socket() as caller, pytest.raises(OutgoingConnectionError):
        caller.connect(("192.0.2.1", 80))
    with pytest.raises(OutgoingConnectionError):
        socket.create_connection(("example.org", 80))


def without_network(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a program where there is no other machine."""
    return subprocess.run(
        [*UNSHARE, sys.executable, "-c", LOOPBACK_UP, *command],
        cwd=settings.ROOT,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def _namespaces() -> None:
    if subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a network namespace")


@pytest.mark.usefixtures("_namespaces")
def test_there_is_no_network_without_one() -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"

    assert "unreachable" in without_network(sys.executable, "-c", code).stderr


@pytest.mark.sweep
@pytest.mark.usefixtures("_namespaces")
def test_whole_journey_without_a_network() -> None:
    """Sign up, learn, pass and be certified, in a browser, with pages and files from here alone."""
    walked = without_network(
        sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", JOURNEY
    )

    assert walked.returncode == 0, walked.stdout[-3000:]
    assert "1 passed" in walked.stdout
