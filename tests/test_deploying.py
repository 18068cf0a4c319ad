"""The samples for operators: containers that can do little, and proxies that pass on the truth."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from tests.test_documents import ROW
from tests.work.processes import free_port, wait_until
from tutela.kit.valkey import ValkeyCache
from tutela.settings import environment

ROOT: Path = settings.ROOT
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("tutela:")}
SECRETS = set(COMPOSE["secrets"])


def table() -> set[str]:
    return set(ROW.findall((ROOT / "docs" / "operators.md").read_text(encoding="utf-8")))


def services_of(profile: str) -> set[str]:
    return {name for name, one in SERVICES.items() if profile in one["profiles"]}


def test_each_profile_has_its_services() -> None:
    assert {profile: services_of(profile) for profile in ("small", "large", "proxy")} == {
        "small": {"small", "small-migrate"},
        "large": {"web", "worker", "migrate", "database", "cache"},
        "proxy": {"proxy"},
    }


def test_both_profiles_run_the_image_of_this_release() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert {one["image"] for one in OURS.values()} == {f"tutela:{project['version']}"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_container_can_do_little_and_is_watched(name: str) -> None:
    service = SERVICES[name]

    assert re.fullmatch(r"[a-z/]+:\d+(\.\d+)+", service["image"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == ("no" if name.endswith("migrate") else "unless-stopped")
    assert name in OURS or "test" in service["healthcheck"]
    assert set(service.get("secrets", ())) <= SECRETS


@pytest.mark.parametrize("name", sorted(OURS))
def test_container_is_told_only_what_is_read(name: str) -> None:
    told = OURS[name]["environment"]

    assert {variable.removesuffix("_FILE") for variable in told} <= table()
    assert {Path(told[variable]).name for variable in told if variable.endswith("_FILE")} == set(
        OURS[name]["secrets"]
    )


def test_no_upload_ends_up_in_a_container() -> None:
    """A bucket without endpoint and keys is refused at the start; a disk would be taken."""
    for name in services_of("large") & set(OURS):
        assert OURS[name]["environment"]["S3_BUCKET"] == "${S3_BUCKET:-tutela-media}"
    for name in services_of("small"):
        assert OURS[name]["volumes"] == ["data:/var/lib/tutela"]


def test_sample_of_variables_names_what_is_read() -> None:
    sample = (ROOT / "deploy" / "sample.env").read_text(encoding="utf-8")

    assert set(re.findall(r"^#?([A-Z0-9_]+)=", sample, re.MULTILINE)) <= table()


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Give a folder of freshly made secrets."""
    subprocess.run([ROOT / "deploy" / "make-secrets", tmp_path / "secrets"], check=True)
    return tmp_path / "secrets"


def test_made_secrets_are_all_and_are_taken(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL", "CACHE_URL"):
        monkeypatch.setenv(f"{name}_FILE", str(secrets / name.lower().replace("_", "-")))
    password = (secrets / "database-password").read_text(encoding="ascii")

    assert {path.name for path in secrets.iterdir()} == SECRETS
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert len(environment.secret("SECRET_KEY")) == 64
    assert environment.database("DATABASE_URL", secrets)["PASSWORD"] == password
    assert set(environment.caches("CACHE_URL", secrets)) == {"default", "pages", "sessions"}


def test_secrets_are_made_once(secrets: Path) -> None:
    before = {path.name: path.read_text(encoding="ascii") for path in secrets.iterdir()}

    subprocess.run([ROOT / "deploy" / "make-secrets", secrets], check=True)

    assert {path.name: path.read_text(encoding="ascii") for path in secrets.iterdir()} == before


def test_cache_asks_for_its_password(secrets: Path, tmp_path: Path) -> None:
    if shutil.which("valkey-server") is None:
        pytest.skip("valkey-server is not installed here")
    port = free_port()
    shell, option, command = SERVICES["cache"]["command"]
    for old, new in (("$$", "$"), ("/tmp", str(tmp_path)), ("/run/secrets", str(secrets))):  # noqa: S108
        command = command.replace(old, new)
    with subprocess.Popen(
        [shell, option, f"{command} --port {port} --bind 127.0.0.1"], stdout=subprocess.DEVNULL
    ) as server:
        password = (secrets / "cache-password").read_text(encoding="ascii")
        known = ValkeyCache(f"redis://:{password}@127.0.0.1:{port}/0", {})
        unknown = ValkeyCache(f"redis://127.0.0.1:{port}/0", {})
        assert wait_until(known.is_reached)
        assert not unknown.is_reached()
        for cache in (known, unknown):
            cache._cache.get_client().connection_pool.disconnect()
        server.terminate()


def test_nginx_takes_its_sample(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed here")
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=localhost"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    sample = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    sample = sample.replace("/etc/letsencrypt/live/training.example.org", str(tmp_path))
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {sample} }}", encoding="utf-8"
    )

    tried = subprocess.run([nginx, "-t", "-c", whole], capture_output=True, text=True, check=False)

    assert (tried.returncode, "[warn]" in tried.stderr) == (0, False), tried.stderr


def test_caddy_takes_its_sample() -> None:
    if shutil.which("caddy") is None:
        pytest.skip("caddy is not installed here")
    subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", ROOT / "deploy" / "Caddyfile"],
        check=True,
        capture_output=True,
    )
