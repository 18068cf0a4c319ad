"""How a fresh machine is told what it lacks; the installing itself is what `make test` began with."""

from __future__ import annotations

import ast
import importlib.util
import stat
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "bin" / "bootstrap"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give the script as a module that installs into an empty folder."""
    loader = SourceFileLoader("bootstrap", str(SCRIPT))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec = importlib.util.spec_from_loader("bootstrap", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    monkeypatch.setattr(module, "HOME", tmp_path / "uv")
    monkeypatch.setattr(module, "VENV", tmp_path / "venv")
    return module


def program(folder: Path, name: str, text: str) -> Path:
    """Write a program that can be run."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n", encoding="ascii")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def test_parses_on_pythons_that_are_too_old() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_version_is_the_pinned_one(bootstrap: ModuleType) -> None:
    assert bootstrap.VERSION == "0.13.9"


def test_every_wheel_is_pinned_by_its_hash() -> None:
    pinned = (ROOT / "bin" / "uv.txt").read_text(encoding="utf-8")
    assert pinned.count("--hash=sha256:") == pinned.count("\n") - 3


def test_shim_that_does_not_work_is_passed_over(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    good = program(tmp_path, "python3.12", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bootstrap.choose_python() == str(good)


def test_python_is_fetched_where_none_is_right(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "is_right", lambda python: False)
    assert bootstrap.choose_python() == "3.13"


def test_python_of_an_environment_that_stands_is_kept(
    bootstrap: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    kept = program(tmp_path / "venv" / "bin", "python", "exit 0")
    assert bootstrap.choose_python() == kept


def test_neither_venv_nor_pip_gets_one_sentence(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "works", lambda command: False)
    with pytest.raises(SystemExit, match=r"has neither its venv module nor pip: install one of"):
        bootstrap.install_uv()


def test_missing_library_gets_one_sentence(bootstrap: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    program(tmp_path / "venv" / "bin", "python", "echo 'ImportError: libz.so.1' >&2; exit 1")
    with pytest.raises(SystemExit) as told:
        bootstrap.check_libraries()
    assert str(told.value) == (
        "A library is missing (ImportError: libz.so.1): "
        "install it with the system's package manager."
    )


def test_variables_of_another_project_stay_outside(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    variables = bootstrap.environment()
    assert {"VIRTUAL_ENV", "PIP_USER"} & set(variables) == set()
    assert variables["UV_SYSTEM_CERTS"] == "1"


def test_make_without_any_python_gets_one_sentence(tmp_path: Path) -> None:
    make = subprocess.run(
        ["/usr/bin/env", "make", "packages", "PYTHON="],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert make.stderr.endswith(
        "No Python 3.11 or newer was found: "
        "install one (Debian: apt-get install python3) and try again.  Stop.\n"
    )
    assert make.stderr.count("\n") == 1
