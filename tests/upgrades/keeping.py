"""Makes the database that is kept of a release: one course in two languages, and invented people in it.

`make kept-database` writes `<version>.sqlite3.xz`; a later release must upgrade it and find that
every record keeps its promises. Its names are the tests' own, its courses the starter curriculum's.
"""

from __future__ import annotations

import lzma
import shutil
import sqlite3
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from certificates.api import revoke_certificate
from certificates.models import Certificate
from courses.curriculum.files import HERE as CURRICULUM
from courses.outline import QUIZ
from organisations.api import end_membership, invite, join, root_of
from organisations.models import Membership
from tests.courses.scene import answer_all, complete, read_lessons, steps_of
from tests.people import START, make_cast, make_person
from tutela.accounts.factor_resets import ask_reset
from tutela.pages.frame import TEXTS

if TYPE_CHECKING:
    from datetime import datetime

FOLDER = Path(__file__).parent
# Loaded, below the curriculum and below the texts of the pages: the more, the larger the file.
COURSES = ("sources.yaml", "foundation/*", "glossary/en.yaml", "locale/fr/foundation.po")
TEXTS_KEPT = ("pages.yaml", "en/**/*", "fr/*s.yaml")
# What can be made again, or only tells who edited which text: half of the bytes.
EMPTIED = (
    "wagtailsearch_indexentry",
    "wagtailsearch_indexentry_fts",
    "wagtailcore_modellogentry",
    "wagtailcore_pagelogentry",
    "wagtailcore_referenceindex",
    "wagtail_localize_translationlog",
)


def keep() -> Path:
    """Write the database of the present version, in the place of one of the same version."""
    kept = FOLDER / f"{version('tutela')}.sqlite3.xz"
    at = timezone.now()
    call_command("migrate", verbosity=0, interactive=False)
    with tempfile.TemporaryDirectory() as folder:
        load(Path(folder))
    let_people_learn(at)
    with connection.cursor() as cursor:
        for table in EMPTIED:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    name = connection.settings_dict["NAME"]
    connection.close()
    kept.write_bytes(lzma.compress(packed(Path(name)), preset=9 | lzma.PRESET_EXTREME))
    return kept


def load(folder: Path) -> None:
    """Load one course in two languages: what is kept of each release stays small."""
    for source, target, patterns in (
        (CURRICULUM, folder / "courses", COURSES),
        (TEXTS, folder / "texts", TEXTS_KEPT),
    ):
        for path in (found for pattern in patterns for found in source.glob(pattern)):
            if path.is_file():
                copy = target / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
    call_command("load_curriculum", folder=folder / "courses", texts=folder / "texts", verbosity=0)


def let_people_learn(at: datetime) -> None:
    """Let somebody complete, somebody stop in the middle of a quiz, somebody leave and be revoked."""
    cast = make_cast()
    unit = root_of(cast.organisation)
    complete(cast.learner, "foundation", at=START)
    left = make_person("left", certificate_name="Left Three", language="fr")
    membership = join(left, unit=unit, name="Left Three", staff_number="8", at=START)
    complete(left, "foundation", at=START)
    end_membership(Membership.objects.get(pk=membership.pk), by=cast.manager, at=at)
    revoke_certificate(
        Certificate.objects.get(person=left), by=cast.administrator, reason="Issued in error", at=at
    )
    read_lessons(cast.stranger, "foundation", at=START)
    answer_all(cast.stranger, "foundation", steps_of("foundation", QUIZ)[0], at=at)
    invite(unit, email="invited@example.org", by=cast.manager, at=at, language="fr")
    ask_reset(cast.trainer, by=cast.administrator, reason="Lost her telephone", at=at)


def packed(path: Path) -> bytes:
    """Return the file without gaps and without a journal beside it."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "kept.sqlite3"
        with closing(sqlite3.connect(path)) as database:
            database.execute("VACUUM INTO ?", [str(target)])
        return target.read_bytes()
