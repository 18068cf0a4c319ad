"""A review holds for the words that were reviewed; guarded texts are shown with one only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import caches
from django.urls import reverse

from tests.courses.scene import AT, publish
from tests.pages.scene import LANGUAGES, copy_texts, load, retitle
from tests.people import make_cast, signed_in
from tutela.pages.models import InformationPage, SectorPage, TextPage, TextReview
from tutela.pages.reviewing import review_text

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

pytestmark = pytest.mark.usefixtures("curriculum")

GUARDED = [
    "help-for-children", "worried-about-a-child", "worried-about-yourself", "support",
    "sectors/policing", "sectors/education",
]  # fmt: skip
OPEN = ["about", "accessibility", "contact", "leaving-quickly", "privacy", "trainers-welfare"]
WARNING = "Text not yet reviewed by a professional."
WITHHELD = "A professional is reviewing the text of this page."


def page(path: str, language: str = "en") -> TextPage:
    model: Any = SectorPage if path.startswith("sectors/") else InformationPage
    found: TextPage = model.objects.get(
        slug=path.removeprefix("sectors/"), locale__language_code=language
    )
    return found


def reviewed(found: TextPage, review: str = "professional") -> None:
    by = make_cast().publisher
    review_text(
        found, review=review, reviewed_by="Ada, office", reviewed_on=AT.date(), by=by, at=AT
    )
    caches["pages"].clear()


def shown(path: str, language: str = "en") -> str:
    answer = signed_in(None).get(f"/{language}/{path}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("path", [*GUARDED, *OPEN])
def test_an_unreviewed_text_says_so(path: str) -> None:
    html = shown(path)
    assert WARNING in html
    assert page(path).guarded is (path in GUARDED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", GUARDED)
def test_a_guarded_text_is_withheld_until_it_is_reviewed(
    settings: Settings, path: str, language: str
) -> None:
    settings.OFFER_UNREVIEWED = False
    html = shown(path, language)
    assert "tel:112" in html
    assert f'href="/{language}/help/"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert 'class="prose"' not in html
    assert str(page(path, language).title) in html.replace("&#x27;", "'")
    if language == "en":
        assert WITHHELD in html


@pytest.mark.parametrize("path", OPEN)
def test_an_open_text_is_shown_and_says_that_nobody_reviewed_it(
    settings: Settings, path: str
) -> None:
    settings.OFFER_UNREVIEWED = False
    html = shown(path)
    assert WARNING in html
    assert WITHHELD not in html


@pytest.mark.parametrize(("review", "is_shown"), [("professional", True), ("reader", False)])
def test_a_professionals_review_opens_a_guarded_text(
    settings: Settings, review: str, is_shown: bool
) -> None:
    settings.OFFER_UNREVIEWED = False
    reviewed(page("support"), review)
    html = shown("support")
    assert (WITHHELD not in html) is is_shown
    assert ("Reviewed by Ada, office on 1 December 2026." in html) is is_shown
    assert WARNING not in html


def test_where_only_the_source_is_reviewed_its_words_are_lent(settings: Settings) -> None:
    settings.OFFER_UNREVIEWED = False
    reviewed(page("support"))
    html = shown("support", "fr")
    assert '<div lang="en" dir="ltr">' in html


def test_a_changed_word_ends_the_review_and_the_former_words_bring_it_back() -> None:
    found = page("support")
    former = found.title
    reviewed(found)
    assert (found.reviewed, found.reviewed_by, found.reviewed_on) == (
        True,
        "Ada, office",
        AT.date(),
    )
    found.title = "Other words"
    publish(found)
    assert (page("support").review, page("support").reviewed_on) == ("none", None)
    found.title = former
    publish(found)
    assert page("support").reviewed is True


def test_the_review_of_a_language_is_its_own() -> None:
    reviewed(page("support"))
    assert [page("support", code).reviewed for code in ("en", "fr")] == [True, False]


def test_a_changed_file_leaves_no_review(tmp_path: Path) -> None:
    texts = copy_texts(tmp_path)
    reviewed(page("about"))
    retitle(texts / "en" / "about.yaml", "Anew")
    load(texts)
    assert page("about").review == "none"


def test_a_preview_shows_what_is_to_be_reviewed(settings: Settings) -> None:
    settings.OFFER_UNREVIEWED = False
    found = page("support")
    response = found.make_preview_request()
    assert WITHHELD not in response.content.decode()
    assert response["Cache-Control"] == "private"


def sent(found: TextPage, **changed: str) -> dict[str, str]:
    return {
        "review": "professional",
        "reviewed_by": "Ada, office",
        "reviewed_on": "2026-01-02",
        "words": found.fingerprint,
    } | changed


def test_a_publisher_notes_a_review() -> None:
    cast, found = make_cast(), page("support")
    client, url = signed_in(cast.publisher), reverse("pages_review", args=[found.pk])
    assert found.fingerprint in client.get(url).content.decode()
    assert client.post(url, sent(found)).status_code == 303
    again = page("support")
    assert (again.reviewed, again.reviewed_on) == (True, date(2026, 1, 2))
    assert client.post(url, sent(found, review="none")).status_code == 303
    assert (page("support").review, TextReview.objects.get().reviewed_by) == ("none", "")


@pytest.mark.parametrize(
    "changed",
    [{"words": "others"}, {"reviewed_by": ""}, {"reviewed_on": ""}, {"reviewed_on": "2999-01-01"},
     {"review": "best"}],
)  # fmt: skip
def test_a_review_without_name_day_or_words_is_refused(changed: dict[str, str]) -> None:
    cast, found = make_cast(), page("support")
    answer = signed_in(cast.publisher).post(
        reverse("pages_review", args=[found.pk]), sent(found, **changed)
    )
    assert (answer.status_code, TextReview.objects.count()) == (422, 0)


def test_only_published_texts_are_reviewed() -> None:
    cast, found = make_cast(), page("support")
    found.unpublish()
    url = reverse("pages_review", args=[found.pk])
    assert signed_in(cast.publisher).get(url).status_code == 404
    assert signed_in(cast.reviewer).get(url).status_code == 302  # the CMS's way of refusing


def test_the_menu_offers_the_review_to_publishers() -> None:
    cast, found = make_cast(), page("support")
    edit = reverse("wagtailadmin_pages:edit", args=[found.pk])
    offered = [
        reverse("pages_review", args=[found.pk]) in signed_in(person).get(edit).content.decode()
        for person in (cast.publisher, cast.trainer)
    ]
    assert offered == [True, False]
