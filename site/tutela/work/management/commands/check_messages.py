"""See that every text of the interface speaks every language: `manage.py check_messages`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable

LOCALE: Path = settings.ROOT / "locale"
# The curriculum's catalogues are content, read by load_curriculum; tests and tools say nothing.
ELSEWHERE = (".*", "var", "tests", "bin", "build", "courses/curriculum/locale")


def catalogue(language: str) -> Path:
    """Return where the interface's texts of a language stand."""
    return LOCALE / language.replace("-", "_") / "LC_MESSAGES" / "django.po"


def gaps(language: str) -> list[str]:
    """Return a line for each text that this language does not say."""
    if not catalogue(language).exists():
        return [f"{language}: no catalogue"]
    entries = polib.pofile(str(catalogue(language)))
    return [
        *(
            f"{language}: not translated: {entry.msgid!r}"
            for entry in entries.untranslated_entries()
        ),
        *(f"{language}: fuzzy: {entry.msgid!r}" for entry in entries.fuzzy_entries()),
    ]


def restore(before: dict[Path, bytes], files: Iterable[Path]) -> None:
    """Put the catalogues back as they were."""
    for file in files:
        if file in before:
            file.write_bytes(before[file])
        else:
            file.unlink(missing_ok=True)


class Command(BaseCommand):
    help = "Extract the interface's texts and name each that a language lacks."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--write", action="store_true", help="keep what was extracted, for translators"
        )

    def handle(self, *, write: bool, **options: Any) -> None:
        """Exit with status 1 if there is a gap (needs gettext's xgettext and msgmerge)."""
        languages = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        before = {file: file.read_bytes() for file in map(catalogue, languages) if file.exists()}
        try:
            call_command(
                "makemessages",
                locale=languages,
                ignore_patterns=list(ELSEWHERE),
                no_location=True,
                verbosity=0,
            )
            found = [line for language in languages for line in gaps(language)]
        finally:
            if not write:
                restore(before, map(catalogue, languages))
        if found:
            raise CommandError(
                "\n".join([*found, f"{len(found)} gaps: translate them in locale/."])
            )
        self.stdout.write(f"Every text of the interface speaks {', '.join(languages)}.")
