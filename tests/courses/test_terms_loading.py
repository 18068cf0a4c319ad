"""Loading the glossary: a second run changes nothing, and an editor's words stay hers."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from wagtail.models import Revision
from wagtail_localize.models import StringTranslation

from courses.curriculum.files import HERE
from courses.curriculum.terms import read_glossary
from courses.curriculum.terms_loading import load_glossary
from courses.models import LoadedText, Term, TermLanguage

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("curriculum")
AT = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the glossary's files, to be edited."""
    shutil.copytree(HERE / "glossary", tmp_path / "glossary")
    return tmp_path


def load(folder: Path) -> int:
    return load_glossary(read_glossary(folder), at=AT, say=lambda _: None)


def edit(folder: Path, language: str, pattern: str, replacement: str) -> None:
    file = folder / "glossary" / f"{language}.yaml"
    text, count = re.subn(pattern, replacement, file.read_text(encoding="utf-8"), count=1)
    assert count == 1
    file.write_text(text, encoding="utf-8")


def term(code: str, language: str = "en") -> Term:
    return Term.objects.get(code=code, locale__language_code=language)


def snapshot() -> list[Any]:
    models = (Term, TermLanguage, LoadedText, Revision, StringTranslation)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_every_language_of_the_site_is_loaded() -> None:
    assert Term.objects.filter(live=True).count() == 48 * 6
    assert TermLanguage.objects.count() == 48 * 6
    assert set(TermLanguage.objects.values_list("review", flat=True)) == {"none"}


def test_a_second_run_changes_nothing(folder: Path) -> None:
    before = snapshot()
    assert load(folder) == 0
    assert snapshot() == before


def test_a_changed_file_changes_its_term(folder: Path) -> None:
    edit(folder, "en", "definition: A person under 18 years", "definition: Anybody under 18 years")
    edit(folder, "de", "term: Weitervermittlung", "term: Vermittlung")
    edit(folder, "es", r"confirmed: \[niño\]", "confirmed: []")
    assert load(folder) == 1 + 5 + 1 + 1
    assert term("child").definition.startswith("Anybody")
    assert term("referral", "de").term == "Vermittlung"
    assert TermLanguage.objects.get(code="child", locale="es").confirmed == ""
    assert load(folder) == 0


@pytest.mark.parametrize("publish", [True, False])
def test_an_editors_words_stay(folder: Path, publish: bool) -> None:
    row = term("child")
    row.definition = "Hers."
    revision = row.save_revision()
    if publish:
        revision.publish()
    edit(folder, "en", "definition: A person under 18 years", "definition: Anybody under 18 years")
    load(folder)
    row = term("child")
    assert row.definition == ("Hers." if publish else row.definition)
    assert row.get_latest_revision_as_object().definition == "Hers."


def test_a_translators_words_stay(folder: Path) -> None:
    words = StringTranslation.objects.filter(
        locale__language_code="de",
        context__object_id=term("referral").translation_key,
        context__path="term",
    )
    assert words.update(data="Ihres", tool_name="") == 1
    edit(folder, "de", "term: Weitervermittlung", "term: Vermittlung")
    assert load(folder) == 0
    assert words.get().data == "Ihres"


def test_a_reviewers_words_stay(folder: Path) -> None:
    TermLanguage.objects.filter(code="child", locale="es").update(confirmed="adolescente")
    edit(folder, "es", r"confirmed: \[niño\]", "confirmed: []")
    assert load(folder) == 0
    assert TermLanguage.objects.get(code="child", locale="es").confirmed == "adolescente"


def test_what_an_editor_deleted_stays_deleted(folder: Path) -> None:
    term("child", "fr").delete()
    term("demand").delete()
    TermLanguage.objects.filter(code="child", locale="fr").delete()
    edit(folder, "fr", r"term: enfant \(moins de 18 ans\)", "term: enfant")
    edit(folder, "en", "term: demand", "term: the demand")
    load(folder)
    assert Term.objects.filter(code="child", locale__language_code="fr").exists() is False
    assert Term.objects.filter(code="demand", locale__language_code="en").exists() is False
    assert TermLanguage.objects.filter(code="child", locale="fr").exists() is False


def test_a_language_that_the_site_does_not_have_is_passed_over(folder: Path) -> None:
    shutil.copy(folder / "glossary" / "fr.yaml", folder / "glossary" / "uk.yaml")
    assert load(folder) == 0
