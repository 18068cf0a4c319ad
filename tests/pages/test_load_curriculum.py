"""Loading the starter curriculum: what a second run and an edited file change."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING, Any

import polib
import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Revision
from wagtail_localize.models import StringTranslation, Translation

from courses.curriculum.files import HERE, read_curriculum
from courses.curriculum.messages import catalogue_file, update_catalogue
from courses.models import (
    Completion,
    CourseLanguage,
    CourseRelease,
    LearningObject,
    LessonPage,
    LoadedText,
    ModulePage,
    StepProgress,
)
from quizzes.models import Choice, Question, QuestionVersion
from tests.courses.scene import complete, learner, lesson, outline_of, publish
from tutela.accounts.models import Event

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("curriculum")
WATCHED = (
    Page, Revision, Question, Choice, QuestionVersion, LoadedText, LearningObject, CourseRelease,
    CourseLanguage, Translation, StringTranslation, Event,
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the curriculum's files, to be edited."""
    return shutil.copytree(HERE, tmp_path / "curriculum", ignore=shutil.ignore_patterns("*.py*"))


def load(folder: Path) -> str:
    out = StringIO()
    call_command("load_curriculum", folder=folder, stdout=out)
    return out.getvalue()


def edit(file: Path, pattern: str, replacement: str) -> None:
    text = file.read_text(encoding="utf-8")
    changed, count = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert count == 1
    file.write_text(changed, encoding="utf-8")


def retranslate(folder: Path, course: str, french: str) -> None:
    """Bring a catalogue up to date; what is new is translated by one phrase."""
    [found] = [item for item in read_curriculum(folder) if item.code == course]
    catalogue = update_catalogue(found, "fr", folder)
    for entry in catalogue:
        entry.msgstr = entry.msgstr or french
    catalogue.save(str(catalogue_file(course, "fr", folder)))


def snapshot() -> dict[str, Any]:
    rows: dict[str, Any] = {model.__name__: model.objects.count() for model in WATCHED}
    rows["texts"] = list(LoadedText.objects.order_by("pk").values())
    rows["pages"] = list(
        Page.objects.order_by("pk").values("pk", "title", "latest_revision", "live", "path")
    )
    return rows


def test_a_second_run_changes_nothing(folder: Path) -> None:
    before = snapshot()
    assert "curriculum: 0 texts written" in load(folder)
    assert snapshot() == before


def test_an_edited_file_changes_its_own_page_only(folder: Path) -> None:
    before, digest = snapshot(), outline_of("foundation").digest
    edit(folder / "foundation" / "f5.yaml", r"^objective: .*$", "objective: Order the steps anew.")
    retranslate(folder, "foundation", "Remettre les étapes en ordre.")
    assert "curriculum: 2 texts written" in load(folder)
    assert lesson("F5").objective == "Order the steps anew."
    assert lesson("F5", "fr").objective == "Remettre les étapes en ordre."
    after = snapshot()
    changed = [
        new["pk"] for old, new in zip(before["pages"], after["pages"], strict=True) if old != new
    ]
    assert changed == [lesson("F5").pk, lesson("F5", "fr").pk]
    assert outline_of("foundation").digest != digest
    assert set(CourseLanguage.objects.filter(course__code="foundation").values_list("locale", "state")) == {
        ("en", "released"), ("fr", "released"),
    }  # fmt: skip
    assert "curriculum: 0 texts written" in load(folder)


def test_a_translation_that_fell_behind_is_refused(folder: Path) -> None:
    before = snapshot()
    edit(folder / "foundation" / "f5.yaml", r"^objective: .*$", "objective: Order the steps anew.")
    with pytest.raises(CommandError) as caught:
        load(folder)
    assert str(caught.value).splitlines() == [
        "Nothing was loaded:",
        "locale/fr/foundation.po:1: F5: not translated: 'Order the steps anew.'",
    ]
    assert snapshot() == before


def test_bad_files_change_nothing(folder: Path) -> None:
    before = snapshot()
    edit(folder / "foundation" / "f5.yaml", r"^minutes: .*$", "minutes: 90")
    edit(folder / "policing" / "policing-1.questions.yaml", r"^  status: .*$", "  status: K")
    with pytest.raises(CommandError) as caught:
        load(folder)
    first, *problems = str(caught.value).splitlines()
    assert first == "Nothing was loaded:"
    assert problems[0].endswith("'minutes': must be a whole number from 6 to 12")
    assert problems[1].endswith("'status': must be one of P, V")
    assert snapshot() == before


def test_what_an_editor_changed_stays(folder: Path) -> None:
    page, french = lesson("F5"), lesson("F5", "fr")
    page.title, french.title = "An editor's title", "Un titre de la rédaction"
    publish(page)
    publish(french)
    edit(folder / "foundation" / "f6.yaml", r"^objective: .*$", "objective: Choose anew.")
    retranslate(folder, "foundation", "Choisir à nouveau.")
    load(folder)
    assert (lesson("F5").title, lesson("F5", "fr").title) == (page.title, french.title)


def test_a_block_that_an_editor_added_does_not_stop_the_loading(folder: Path) -> None:
    page = lesson("F5")
    page.body.append(("text", "<p>Added in the CMS</p>"))
    publish(page)
    file = catalogue_file("foundation", "fr", folder)
    catalogue = polib.pofile(str(file))
    entry = next(entry for entry in catalogue if entry.msgctxt == "F5")
    entry.msgstr = "Un autre titre"
    catalogue.save(str(file))
    with pytest.raises(CommandError) as caught:
        load(folder)
    assert str(caught.value).splitlines() == ["foundation (fr): loaded, but not released:", "F5"]
    assert lesson("F5", "fr").title == "Un autre titre"


def test_records_are_never_touched(folder: Path) -> None:
    complete(learner(), "foundation")
    before = [list(model.objects.order_by("pk").values()) for model in (Completion, StepProgress)]
    edit(folder / "foundation" / "f5.yaml", r"^objective: .*$", "objective: Order the steps anew.")
    retranslate(folder, "foundation", "Remettre les étapes en ordre.")
    load(folder)
    assert [
        list(model.objects.order_by("pk").values()) for model in (Completion, StepProgress)
    ] == before


def test_choices_keep_their_rows_and_keys(folder: Path) -> None:
    def rows() -> list[tuple[Any, ...]]:
        found = Choice.objects.filter(question__code="P-01").order_by("pk")
        return list(found.values_list("pk", "key", "translation_key", "correct"))

    before, version = rows(), QuestionVersion.objects.count()
    edit(folder / "policing" / "policing-1.questions.yaml", r"^    text: .*$", "    text: Anew.")
    retranslate(folder, "policing", "À nouveau.")
    load(folder)
    assert rows() == before
    english, french = Choice.objects.filter(question__code="P-01", key="a").order_by("pk")
    assert (english.text, french.text) == ("Anew.", "À nouveau.")
    assert QuestionVersion.objects.count() == version


def test_a_question_whose_key_changed_is_a_new_version(folder: Path) -> None:
    file = folder / "policing" / "policing-1.questions.yaml"
    text = file.read_text(encoding="utf-8")
    first, second = text.split("- code: P-02", 1)
    right = first.replace("    correct: true\n", "", 1).replace(
        "  - id: a\n", "  - id: a\n    correct: true\n", 1
    )
    file.write_text(f"{right}- code: P-02{second}", encoding="utf-8")
    load(folder)
    key = Question.objects.filter(code="P-01")[0].translation_key
    assert QuestionVersion.objects.filter(key=key).count() == 2
    for choices in (question.choices.all() for question in Question.objects.filter(code="P-01")):
        assert [choice.key for choice in choices if choice.correct] == ["a"]


def reorder(folder: Path) -> None:
    edit(
        folder / "policing" / "course.yaml",
        r"\[P1, P2, P3, P4, P5, P6\]",
        "[P6, P1, P2, P3, P4, P5]",
    )


def test_a_new_order_of_lessons_is_carried_out(folder: Path) -> None:
    reorder(folder)
    load(folder)
    module = ModulePage.objects.get(code="policing-1", locale__language_code="en")
    assert [page.specific.code for page in module.get_children()] == [
        "P6", "P1", "P2", "P3", "P4", "P5", "policing-1-quiz",
    ]  # fmt: skip
    assert [step.code for step in outline_of("policing").steps][:2] == ["P6", "P1"]
    assert "curriculum: 0 texts written" in load(folder)


@pytest.mark.parametrize(
    "lose",
    [
        lambda: CourseLanguage.objects.filter(locale="fr").delete(),
        lambda: CourseLanguage.objects.all().delete(),
    ],
)
def test_a_run_that_was_broken_off_is_finished_by_the_next(
    folder: Path, lose: Callable[[], object]
) -> None:
    lose()
    load(folder)
    assert CourseLanguage.objects.filter(state="released").count() == 4


def test_numbers_of_children_and_slugs_are_right_in_every_tree() -> None:
    pages = list(Page.objects.filter(depth__gt=1).order_by("path"))
    children = Counter(page.path[: -Page.steplen] for page in pages)
    assert {page.path: page.numchild for page in pages} == {
        page.path: children[page.path] for page in pages
    }
    assert Page.find_problems() == ([], [], [], [], [])
    by_key: dict[Any, set[str]] = {}
    for page in pages:
        if page.depth > 2:
            by_key.setdefault(page.translation_key, set()).add(page.slug)
    assert {len(slugs) for slugs in by_key.values()} == {1}
    assert LessonPage.objects.filter(live=True).count() == 28
