"""Compile the interface's translations: `python -m tutela.work.catalogues`.

The compiled files are not kept in git, and a fresh machine need not have gettext for them.
"""

from __future__ import annotations

import os
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[3] / "locale"


def compile_catalogues(folder: Path = LOCALE) -> list[Path]:
    """Write every catalogue that is older than its source, and return those written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            # Renamed when whole: another process may be reading it.
            unfinished = target.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            unfinished.replace(target)
            written.append(target)
    return written


if __name__ == "__main__":
    compile_catalogues()
