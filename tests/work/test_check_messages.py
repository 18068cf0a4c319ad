"""A text that a language does not say is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutela.work.management.commands import check_messages

GAPPED = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Course"
msgstr "Formation"

msgid "Quiz"
msgstr ""

#, fuzzy
msgid "Lesson"
msgstr "Peut-être"
"""


def test_gaps_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_messages, "LOCALE", tmp_path)
    source = check_messages.catalogue("fr")
    source.parent.mkdir(parents=True)
    source.write_text(GAPPED, encoding="utf-8")
    assert check_messages.gaps("fr") == ["fr: not translated: 'Quiz'", "fr: fuzzy: 'Lesson'"]


def test_language_without_a_catalogue_is_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_messages, "LOCALE", tmp_path)
    assert check_messages.gaps("pt-br") == ["pt-br: no catalogue"]
