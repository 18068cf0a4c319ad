"""A new site's frame: its home page, catalogue, sector and information pages, in every language."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from courses.curriculum.reading import CurriculumError
from courses.models import CatalogPage, LoadedText
from tests.courses.scene import AT, publish
from tests.pages.scene import LANGUAGES, copy_texts, load, retitle
from tutela.pages.frame import read_frame
from tutela.pages.models import HomePage, InformationPage
from tutela.pages.opening import open_site

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Give a copy of the site's texts, to be edited."""
    return copy_texts(tmp_path)


def about(language: str = "en") -> InformationPage:
    found: InformationPage = InformationPage.objects.get(
        slug="about", locale__language_code=language
    )
    return found


@pytest.mark.usefixtures("curriculum")
def test_opening_again_changes_nothing_and_editors_words_stay(texts: Path) -> None:
    page = about()
    page.title = "About us"
    publish(page)
    before = list(Page.objects.order_by("pk").values("pk", "title", "path", "latest_revision"))
    assert load() == ["site: 0 texts written"]
    retitle(texts / "en" / "about.yaml", "Anew")
    assert load(texts) == ["site: 0 texts written"]
    assert (
        list(Page.objects.order_by("pk").values("pk", "title", "path", "latest_revision")) == before
    )


@pytest.mark.usefixtures("curriculum")
def test_a_draft_of_an_editor_stays(texts: Path) -> None:
    about().save_revision()
    page = about()
    page.title = "About us"
    page.save_revision()
    retitle(texts / "en" / "about.yaml", "Anew")
    assert load(texts) == ["site: 0 texts written"]


@pytest.mark.usefixtures("curriculum")
def test_a_changed_file_changes_its_page_once(texts: Path) -> None:
    retitle(texts / "fr" / "about.yaml", "À neuf")
    assert load(texts) == ["site: 1 texts written"]
    assert about("fr").title == "À neuf"
    retitle(texts / "en" / "about.yaml", "Anew")
    load(texts)
    assert (about().title, about("fr").title) == ("Anew", "À neuf")
    assert load(texts) == ["site: 0 texts written"]


@pytest.mark.usefixtures("curriculum")
def test_what_is_missing_is_made_again() -> None:
    about("fr").delete()
    assert load() == ["site: 1 texts written"]
    assert about("fr").live is True


@pytest.mark.usefixtures("curriculum")
def test_pages_of_an_earlier_version_stay_as_they_are(texts: Path) -> None:
    LoadedText.objects.filter(code__startswith="site-").delete()
    retitle(texts / "en" / "about.yaml", "Anew")
    assert load(texts) == ["site: 0 texts written"]
    assert about().title != "Anew"


@pytest.mark.django_db(transaction=True)
def test_an_empty_database_becomes_a_site(texts: Path) -> None:
    for language in ("it", "ru", "es"):
        shutil.rmtree(texts / language)
    for file in (texts / "fr").rglob("*.yaml"):
        if file.name not in {"home.yaml", "about.yaml"}:
            file.unlink()
    open_site(read_frame(texts, languages=LANGUAGES), at=AT, say=lambda _: None)
    site = Site.objects.get()
    assert (site.root_page.slug, site.is_default_site) == ("home", True)
    catalogs = CatalogPage.objects.values_list("locale__language_code", flat=True)
    assert sorted(catalogs) == ["de", "en"]
    homes = HomePage.objects.filter(locale__language_code__in=["en", "fr"]).order_by("pk")
    assert [home.locale.language_code for home in homes] == ["en", "fr"]
    french = InformationPage.objects.filter(locale__language_code="fr", live=True)
    assert list(french.values_list("slug", flat=True)) == ["about"]
    expected = {
        place.code for place in read_frame(texts, languages=["en"]) if place.model == "information"
    }
    english = InformationPage.objects.filter(locale__language_code="en", live=True)
    assert expected <= set(english.values_list("slug", flat=True))
    assert Page.objects.filter(title__startswith="Welcome").exists() is False


BAD = [
    ("en/about.yaml", "title: [", "en/about.yaml:1: "),
    ("en/about.yaml", "title: A", "en/about.yaml:1: 'text' is missing"),
    ("fr/about.yaml", "title: A\ntext: B\nlead: C", "fr/about.yaml:1: unknown key 'lead'"),
    ("en/about.yaml", None, "en/about.yaml:1: the file is missing"),
    ("de/abuot.yaml", "title: A\ntext: B", "de/abuot.yaml:1: no page of pages.yaml has this text"),
    ("pages.yaml", "- {code: about}", "texts/pages.yaml:1: 'guarded' is missing"),
    (
        "pages.yaml",
        "- {code: a, guarded: false}\n- {code: a, guarded: false}",
        "texts/pages.yaml:2: the code 'a' stands twice",
    ),
    (
        "pages.yaml",
        "- {code: fishing, model: sector, guarded: true}",
        "texts/pages.yaml:1: 'fishing' is no sector",
    ),
    ("en/sectors/policing.yaml", "title: A", "en/sectors/policing.yaml:1: 'lead' is missing"),
]


@pytest.mark.parametrize(("name", "content", "problem"), BAD)
def test_a_bad_file_is_refused_with_its_name_and_reason(
    texts: Path, name: str, content: str | None, problem: str
) -> None:
    file = texts / name
    file.parent.mkdir(exist_ok=True, parents=True)
    if content is None:
        file.unlink()
    else:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(CurriculumError) as caught:
        read_frame(texts, languages=LANGUAGES)
    assert any(found.startswith(problem) for found in caught.value.problems), caught.value.problems


@pytest.mark.usefixtures("curriculum")
def test_a_bad_file_changes_nothing(texts: Path) -> None:
    retitle(texts / "en" / "about.yaml", "Anew")
    (texts / "fr" / "about.yaml").write_text("title: A", encoding="utf-8")
    with pytest.raises(CommandError, match=r"^Nothing was loaded:\nfr/about.yaml:1: 'text'"):
        call_command("load_curriculum", texts=texts)
    assert about().title != "Anew"
