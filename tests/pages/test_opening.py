"""A new site's frame: its home page, catalogue and information pages, in every language."""

from __future__ import annotations

import pytest
from wagtail.models import Page, Site

from courses.models import CatalogPage
from tests.courses.scene import publish
from tutela.pages.models import HomePage, InformationPage
from tutela.pages.opening import open_site

SLUGS = ["about", "accessibility", "privacy", "support"]


@pytest.mark.usefixtures("curriculum")
def test_opening_again_changes_nothing_and_editors_words_stay() -> None:
    page = InformationPage.objects.get(slug="about", locale__language_code="en")
    page.title = "About us"
    publish(page)
    before = list(Page.objects.order_by("pk").values("pk", "title", "path", "latest_revision"))
    said: list[str] = []
    open_site(say=said.append)
    assert said == ["site: 0 pages opened"]
    assert (
        list(Page.objects.order_by("pk").values("pk", "title", "path", "latest_revision")) == before
    )


@pytest.mark.usefixtures("curriculum")
def test_what_is_missing_is_made_again() -> None:
    InformationPage.objects.get(slug="about", locale__language_code="fr").delete()
    said: list[str] = []
    open_site(say=said.append)
    assert said == ["site: 1 pages opened"]
    assert InformationPage.objects.get(slug="about", locale__language_code="fr").live is True


@pytest.mark.django_db(transaction=True)
def test_an_empty_database_becomes_a_site() -> None:
    catalog = open_site(say=lambda _: None)
    assert isinstance(catalog, CatalogPage)
    site = Site.objects.get()
    assert (site.root_page.slug, site.is_default_site) == ("home", True)
    assert [home.locale.language_code for home in HomePage.objects.order_by("pk")] == ["en", "fr"]
    for language in ("en", "fr"):
        pages = InformationPage.objects.filter(locale__language_code=language, live=True)
        assert sorted(pages.values_list("slug", flat=True)) == SLUGS
    assert Page.objects.filter(title__startswith="Welcome").exists() is False
