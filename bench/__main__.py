"""Measure everything on a database of its own, and print Markdown tables."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Load, measure, print; what was made is thrown away."""
    folder = tempfile.mkdtemp(prefix="tutela-bench-")
    os.environ.update(TUTELA_VAR=folder, DJANGO_SETTINGS_MODULE="bench.settings")
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]

    import django

    django.setup()

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from bench.certifying import measure_certificates
    from bench.exporting import measure_exports
    from bench.pages import measure_pages
    from bench.quizzing import measure_quizzes
    from bench.scene import certify

    settings.STATIC_ROOT.mkdir()  # or WhiteNoise warns
    call_command("migrate", verbosity=0)
    call_command("load_curriculum", verbosity=0)
    certify()
    print(f"Python {platform.python_version()}, {connection.vendor}, {os.cpu_count()} cores\n")
    for work in (measure_pages, measure_quizzes, measure_certificates, measure_exports):
        print(work(), end="\n\n", flush=True)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
