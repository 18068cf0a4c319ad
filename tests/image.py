"""The Dockerfile's steps without a container engine: in roots of their own, by mount and chroot.

The machine's /usr plays the part of the base image's, read-only; a virtual environment of its
Python in /usr/local plays the official image's. Needs root, and Python 3.13 with its venv module.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from tests.network import LOOPBACK_UP

BASE_PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
PYTHON = Path("/usr/bin/python3.13")
# What names an index of packages, and whom to believe about it.
INDEXES = ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "PIP_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE")
OF_THE_SYSTEM = (
    *(
        "passwd",
        "group",
        "shadow",
        "login.defs",
        "default",
        "nsswitch.conf",
        "resolv.conf",
        "hosts",
    ),
    *(
        "ssl",
        "ld.so.cache",
        "ld.so.conf",
        "ld.so.conf.d",
        "localtime",
        "mime.types",
        "alternatives",
    ),
)
LINKS = {"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}


def read_dockerfile(path: Path) -> list[tuple[str, str]]:
    """Return instructions and their arguments, lines joined and comments left out."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    whole = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    found = (line.split(None, 1) for line in re.sub(r"\\\n\s*", " ", whole).splitlines())
    return [(name, rest.strip()) for name, rest in found]


def context(root: Path, target: Path) -> None:
    """Copy what the build may see: what git keeps and .dockerignore lets in."""
    rules = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [rule[1:] for rule in rules if rule.startswith("!")]
    kept_out = [rule.removeprefix("**/") for rule in rules if rule.startswith("**/")]
    listed = subprocess.check_output(["git", "ls-files"], cwd=root, text=True).splitlines()
    for name in listed:
        inside = any(name == rule or name.startswith(f"{rule}/") for rule in let_in)
        if inside and not any(fnmatch(Path(name).name, rule) for rule in kept_out):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)


@dataclass
class Stage:
    """An image that is being built, as a folder."""

    root: Path
    env: dict[str, str] = field(default_factory=lambda: {"PATH": BASE_PATH})
    workdir: str = "/"
    user: str = "root"
    said: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("usr", "usr-local", "etc", "dev", "proc", "tmp", "var/lib", "root"):
            (self.root / name).mkdir(parents=True)
        for name, target in LINKS.items():
            (self.root / name).symlink_to(target)
        for name in OF_THE_SYSTEM:
            source, own = Path("/etc") / name, self.root / "etc" / name
            if source.is_dir():
                shutil.copytree(source, own, symlinks=True)
            elif source.exists():
                shutil.copy2(source, own)
        self.run(f"{PYTHON} -m venv /usr/local", network=False).check_returncode()

    def command(self, shell: str, *, network: bool, volume: Path | None = None) -> list[str]:
        """Return how to run a line in this root; with a volume, all else is read-only."""
        root = shlex.quote(str(self.root))
        frozen = [
            f"mount -o remount,bind,ro {root}",
            f"mount --bind {shlex.quote(str(volume))} {root}/var/lib/tutela",
        ]
        env = [f"{name}={value}" for name, value in {**self.env, **self._indexes(network)}.items()]
        inside = f"cd {self.workdir} && {shell}"
        steps = [
            f"mount --bind {root} {root}",
            *(frozen if volume else []),
            f"mount --bind /usr {root}/usr",
            f"mount -o remount,bind,ro {root}/usr",
            f"mount --bind {root}/usr-local {root}/usr/local",
            f"mount --bind /dev {root}/dev",
            f"mount -t proc proc {root}/proc",
            f"mount -t tmpfs -o mode=1777 tmpfs {root}/tmp",  # noqa: S108
            f"exec chroot --userspec={self.user} {root} /usr/bin/env -i "
            + shlex.join([*env, "/bin/sh", "-c", inside]),
        ]
        unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        up = [] if network else [str(PYTHON), "-c", LOOPBACK_UP]
        return [*unshare, *([] if network else ["--net"]), *up, "sh", "-ec", "\n".join(steps)]

    def run(
        self, shell: str, *, network: bool, volume: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a line in this root to its end."""
        return subprocess.run(
            self.command(shell, network=network, volume=volume),
            capture_output=True,
            text=True,
            check=False,
        )

    @staticmethod
    def _indexes(network: bool) -> dict[str, str]:
        return {name: os.environ[name] for name in INDEXES if network and name in os.environ}


class Build:
    """A build as far as it has come: an instruction is a method, what only describes is noted."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.source, self.folder = source, folder
        self.stages: dict[str, Stage] = {}

    def do(self, name: str, rest: str) -> None:
        """Follow one instruction."""
        getattr(self, f"do_{name.lower()}", lambda rest: self.note(name, rest))(rest)

    def do_from(self, rest: str) -> None:
        self.stage = Stage(self.folder / f"root-{len(self.stages)}")
        self.stages[rest.partition(" AS ")[2]] = self.stage

    def do_run(self, rest: str) -> None:
        if rest.startswith("apt-get"):  # the machine's own /usr plays the part of the system's
            return
        # Only installers may ask an index; everything else has no network at all.
        done = self.stage.run(rest, network="pip install" in rest or "uv sync" in rest)
        if done.returncode:
            raise RuntimeError(f"{rest}\n{done.stdout}{done.stderr}")

    def do_copy(self, rest: str) -> None:
        """Copy as Docker does: a folder's content, or files into a folder."""
        *words, last = rest.split()
        source = self.source
        if words[0].startswith("--from="):
            source = self.stages[words.pop(0).removeprefix("--from=")].root
        target = self.stage.root / f"{self.stage.workdir}/{last}".lstrip("/")
        if last.startswith("/"):
            target = self.stage.root / last.lstrip("/")
        for origin in (source / word.lstrip("/") for word in words):
            if origin.is_dir():
                shutil.copytree(origin, target, symlinks=True, dirs_exist_ok=True)
            else:
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy2(origin, target / origin.name)

    def do_env(self, rest: str) -> None:
        for word in shlex.split(rest):
            name, _, value = word.partition("=")
            self.stage.env[name] = value.replace("$PATH", self.stage.env["PATH"])

    def do_workdir(self, rest: str) -> None:
        self.stage.workdir = rest
        (self.stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def do_user(self, rest: str) -> None:
        self.stage.user = rest

    def note(self, name: str, rest: str) -> None:
        self.stage.said[name] = json.loads(rest[rest.index("[") :]) if "[" in rest else [rest]


def build(dockerfile: Path, source: Path, folder: Path) -> Stage:
    """Do what the Dockerfile says, and return its last stage."""
    running = Build(source, folder)
    for name, rest in read_dockerfile(dockerfile):
        running.do(name, rest)
    return running.stage
