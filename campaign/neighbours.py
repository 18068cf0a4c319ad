"""The servers beside a large instance, on loopback: Valkey, an S3-compatible store, nginx."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import boto3

from .stage import free_port, wait_until
from .started import children_of, signal_quietly

ROOT = Path(__file__).resolve().parents[1]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Neighbour:
    """A server that can be started, killed and started again."""

    def __init__(self, command: list[str], port: int) -> None:
        self.command, self.port = command, port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it listens."""
        self.process = subprocess.Popen(self.command, **QUIET)  # type: ignore[call-overload]
        if not wait_until(self.listens):
            raise AssertionError(f"{self.command[0]} does not listen")

    def listens(self) -> bool:
        """Return whether it takes connections."""
        import socket

        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def kill(self) -> None:
        """`kill -9` it."""
        if self.process:
            for child in children_of(self.process.pid):
                signal_quietly(child)
            self.process.kill()
            self.process.wait()


def valkey() -> Neighbour | None:
    """Return a Valkey at CACHE_URL, if one is installed."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    port = urlsplit(os.environ["CACHE_URL"]).port or 0
    if program is None:
        return None
    options = ["--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"]  # noqa: S108 - it writes nothing
    return Neighbour([program, "--port", str(port), *options], port)


def store() -> Neighbour:
    """Return an S3-compatible store at S3_ENDPOINT."""
    port = urlsplit(os.environ["S3_ENDPOINT"]).port or 0
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    return Neighbour(command, port)


def make_bucket() -> None:
    """Make the bucket that the instance is told to use."""
    client = boto3.client(
        "s3",
        endpoint_url=os.environ["S3_ENDPOINT"],
        region_name="us-east-1",
        aws_access_key_id=os.environ["S3_ACCESS_KEY"],
        aws_secret_access_key=os.environ["S3_SECRET_KEY"],
    )
    client.create_bucket(Bucket=os.environ["S3_BUCKET"])
    client.close()


def nginx(folder: Path, ports: list[int]) -> Neighbour | None:
    """Return a proxy as `deploy/nginx.conf` describes it, without TLS, before these web processes.

    The campaign's visitors have addresses of their own; otherwise all would share one limit.
    """
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        return None
    port = free_port()
    sample = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    servers = "".join(f"    server 127.0.0.1:{one} max_fails=0;\n" for one in ports)
    sample = re.sub(r"    server 127\.0\.0\.1:8000 max_fails=0;\n", servers, sample)
    sample = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", sample, flags=re.DOTALL)
    sample = sample.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    sample = re.sub(r"^ *(listen \[::\]:443|http2|ssl_).*\n", "", sample, flags=re.MULTILINE)
    sample = sample.replace("$remote_addr", "$http_x_forwarded_for").replace("$scheme", "https")
    folder.mkdir()
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;"
        f"{'user root;' if os.geteuid() == 0 else ''}"
        f"events {{ worker_connections 512; }} http {{ {temporary} {sample} }}",
        encoding="utf-8",
    )
    return Neighbour([program, "-e", f"{folder}/error.log", "-c", str(configuration)], port)


def reads(url: str) -> bool:
    """Return whether an address answers at all."""
    with suppress(OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310
        return True
    return False
