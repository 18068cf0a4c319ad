"""Measure on a database of its own, and print Markdown tables.

python -m bench                                        everything that is measured each time
python -m bench --grow 1000 40000 1000000 --postgresql what grows with the number of people
python -m bench --load 40000                           a month of so many people on one core
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Load, measure, print; what was made is thrown away."""
    asked = _asked()
    folder = tempfile.mkdtemp(prefix="tutela-bench-")
    os.environ.update(TUTELA_VAR=folder, DJANGO_SETTINGS_MODULE="bench.settings")
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if asked.postgresql:
            from bench.clusters import throwaway_cluster

            os.environ["DATABASE_URL"] = stack.enter_context(throwaway_cluster())
        _measure(asked)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grow", nargs="+", type=int, metavar="PEOPLE", default=[])
    parser.add_argument("--load", type=int, metavar="PEOPLE", default=0)
    parser.add_argument(
        "--postgresql", action="store_true", help="a cluster of its own, not SQLite"
    )
    return parser.parse_args()


def _measure(asked: argparse.Namespace) -> None:
    import django

    django.setup()

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from bench.certifying import measure_certificates
    from bench.exporting import measure_exports
    from bench.growing import measure_growth
    from bench.loading import measure_load
    from bench.pages import measure_pages
    from bench.quizzing import measure_quizzes
    from bench.scene import certify

    settings.STATIC_ROOT.mkdir()  # or WhiteNoise warns
    call_command("migrate", verbosity=0)
    call_command("load_curriculum", verbosity=0)
    sample = certify()
    print(f"Python {platform.python_version()}, {connection.vendor}, {os.cpu_count()} cores\n")
    if asked.grow:
        print(measure_growth(asked.grow, sample=sample))
    elif asked.load:
        print(measure_load(asked.load, sample=sample))
    else:
        for work in (measure_pages, measure_quizzes, measure_certificates, measure_exports):
            print(work(), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
