"""The public texts hold to the content rules: their length, their sources, their words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import courses.curriculum
import tutela.pages
from courses.sectors import Sector
from tests.pages import scene
from tests.people import signed_in

FOLDER = Path(tutela.pages.__file__).with_name("texts")
SOURCES = Path(courses.curriculum.__file__).with_name("sources.yaml")
LANGUAGES = ["en", "fr"]
# One must stand in every language: they are for everybody, and one click from every page.
FIRST = [
    "help-for-children", "worried-about-a-child", "worried-about-yourself", "support",
    "trainers-welfare", "leaving-quickly", "contact", "accessibility",
]  # fmt: skip
PARTS = ["notice", "act", "call"]
# The word check of the content reference; what a text may quote is not among it.
AVOIDED = re.compile(
    r"porn|prostitu|sex tourism|tourisme sexuel|p(a)?edophil|pédophil|predator|prédateur|monster"
    r"|sextort|self-generated|seduc|lolita|promiscu|engag(ed|ing) in|underage|victims like you",
    re.IGNORECASE,
)
CITED = re.compile(r"\(([A-Z][A-Za-z0-9-]*|15/06)(?:[ ,][^)]*(?:\([^)]*\)[^)]*)*)?\)")


def texts(language: str) -> dict[str, dict[str, Any]]:
    """Return every file of a language by its name below the folder."""
    folder = FOLDER / language
    return {
        file.relative_to(folder).with_suffix("").as_posix(): yaml.safe_load(file.read_text("utf-8"))
        for file in sorted(folder.rglob("*.yaml"))
    }


def sector(language: str, code: str) -> dict[str, Any]:
    return texts(language)[f"sectors/{code}"]


def length(text: str) -> int:
    return len([word for word in text.split() if re.search(r"\w", word)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text(language: str) -> None:
    expected = {*FIRST, *(f"sectors/{code}" for code in Sector.values)}
    assert expected <= set(texts(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", Sector.values)
def test_a_sector_is_read_in_two_minutes(language: str, code: str) -> None:
    lengths = [length(sector(language, code)[part]) for part in PARTS]
    assert all(60 <= words <= 120 for words in lengths)
    assert sum(lengths) <= 350


@pytest.mark.parametrize("code", Sector.values)
def test_what_a_sector_cites_is_no_mere_opinion(code: str) -> None:
    status = {row["code"]: row["status"] for row in yaml.safe_load(SOURCES.read_text("utf-8"))}
    named = {source.split()[0] for source in sector("en", code)["sources"].split("; ")}
    cited = set(CITED.findall("".join(sector("en", code)[part] for part in PARTS)))
    assert cited <= named
    assert {status[source] for source in named} <= {"V", "P"}


@pytest.mark.parametrize("code", Sector.values)
def test_both_languages_cite_the_same(code: str) -> None:
    english, french = sector("en", code), sector("fr", code)
    assert english["sources"] == french["sources"]
    for part in PARTS:
        assert CITED.findall(english[part]) == CITED.findall(french[part])
        assert english[part].count("\n- ") == french[part].count("\n- ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_law_is_left_to_the_country(language: str) -> None:
    for code in Sector.values:
        assert f"(/{language}/help/)" in sector(language, code)["call"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_uses_words_that_hurt(language: str) -> None:
    whole = "\n".join(str(value) for text in texts(language).values() for value in text.values())
    assert AVOIDED.findall(whole) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_stay_in_the_language_and_name_a_page(language: str) -> None:
    pages = {*texts(language), "help", "privacy"}
    for text in texts(language).values():
        for link in re.findall(r"\]\(([^)]+)\)", "\n".join(map(str, text.values()))):
            assert link == "https://inhope.org" or link.strip("/").partition("/") == (
                language, "/", link.strip("/").split("/")[-1],
            )  # fmt: skip
            assert link.startswith("https://") or link.strip("/").split("/")[-1] in pages


@pytest.mark.usefixtures("curriculum")
@pytest.mark.parametrize("language", scene.LANGUAGES)
def test_every_link_of_the_texts_and_the_footer_leads_to_a_page_in_its_language(
    language: str,
) -> None:
    client = signed_in(None)
    said = "\n".join(str(value) for text in texts(language).values() for value in text.values())
    footer = client.get(f"/{language}/").text.partition("<footer")[2]
    linked = {*re.findall(r"\]\((/[^)]*)\)", said), *re.findall(r'href="(/[^"]*)"', footer)}
    assert len(linked) > 10
    for link in sorted(linked):
        answer = client.get(link)
        assert answer.status_code == 200, link
        assert f'<html lang="{language}"' in answer.text, link
        assert 'role="note"' not in answer.text, link  # the notice of another language's words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_child_is_told_what_matters_first(language: str) -> None:
    text = texts(language)["help-for-children"]["text"]
    headings = re.findall(r"^### .+$", text, re.MULTILINE)
    assert "danger" in headings[0]
    assert "116\u00a0111" in text
    assert f"/{language}/leaving-quickly/" in text
