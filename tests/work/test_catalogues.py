"""Translations are compiled without gettext, and only where they changed."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from tutela.work.catalogues import compile_catalogues

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Course"
msgstr "Formation"

#, fuzzy
msgid "Lesson"
msgstr "Peut-être"
"""


def lay(folder: Path) -> Path:
    source = folder / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE, encoding="utf-8")
    return source


def test_compiled_catalogue_speaks_and_keeps_guesses_out(tmp_path: Path) -> None:
    lay(tmp_path)
    compile_catalogues(tmp_path)
    spoken = gettext.translation("django", tmp_path, languages=["fr"])
    assert (spoken.gettext("Course"), spoken.gettext("Lesson")) == ("Formation", "Lesson")


def test_only_what_changed_is_compiled(tmp_path: Path) -> None:
    source = lay(tmp_path)
    first, second = compile_catalogues(tmp_path), compile_catalogues(tmp_path)
    os.utime(source, (2e9, 2e9))
    third = compile_catalogues(tmp_path)
    compiled = [source.with_suffix(".mo")]
    assert (first, second, third) == (compiled, [], compiled)
