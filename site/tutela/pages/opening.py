"""Opens a new site: its languages, home page, catalogue, sector and information pages.

Idempotent, as the curriculum's loading is: what a file says is compared with what was loaded last,
so that a second run changes nothing. A page whose words an editor changed keeps them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Locale, Page, Site

from courses.curriculum.files import SOURCE
from courses.curriculum.loading import remember_text, translate_instance
from courses.curriculum.rendering import html_of, key_of
from courses.models import CatalogPage, LoadedText, fingerprint
from tutela.kit.deferring import upkeep_deferred

from .models import HomePage, InformationPage, SectorPage, SectorsPage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .frame import Place

MODELS: dict[str, type[Page]] = {
    "home": HomePage,
    "catalogue": CatalogPage,
    "sectors": SectorsPage,
    "sector": SectorPage,
}
# Half of what is kept of a loaded text is the fingerprint of its words; half that of its structure,
# or of its source.
HALF = 32


def open_site(places: list[Place], *, at: datetime, say: Callable[[str], None]) -> CatalogPage:
    """Make what is missing of the site's frame, write what its files changed, return its catalogue."""
    locales = {
        code: Locale.objects.get_or_create(language_code=code)[0] for code, _ in settings.LANGUAGES
    }
    _drop_welcome()
    written = 0
    for place in places:
        for language in (code for code in locales if code in place.words):
            with upkeep_deferred():
                written += _load(place, locales[language], at)
    _serve(HomePage.objects.get(translation_key=key_of("site", "home"), locale=locales[SOURCE]))
    say(f"site: {written} texts written")
    catalog: CatalogPage = CatalogPage.objects.get(
        translation_key=key_of("site", "courses"), locale=locales[SOURCE]
    )
    return catalog


def _drop_welcome() -> None:
    """Remove the page that Wagtail's first migration makes; its address is our home page's."""
    welcome = Page.objects.filter(depth=2, slug="home").first()
    if welcome and type(welcome.specific) is Page:
        welcome.delete()


def key_of_place(place: Place) -> Any:
    """Return the key that the page has on every instance and in every language."""
    return key_of("sector" if place.is_sector else "site", place.code)


def words_of(place: Place, language: str) -> dict[str, Any]:
    """Return the fields of the page that its file in this language holds."""
    words = place.words[language]
    if place.is_sector:
        prose = {name: html_of(words[name]) for name in ("notice", "act", "call")}
        return {"title": words["title"], "lead": words["lead"].strip(), **prose}
    name = "introduction" if place.model in MODELS else "body"
    return {"title": words["title"], name: html_of(words["text"])}


def structure_of(place: Place) -> dict[str, Any]:
    """Return the fields that every language of the page has in common."""
    if place.is_sector:
        sources = place.words[SOURCE].get("sources", "")
        return {"sector": place.code, "guarded": place.guarded, "sources": sources}
    if place.model in MODELS:
        return {}
    return {"guarded": place.guarded, "layout": place.model}


def _load(place: Place, locale: Locale, at: datetime) -> int:
    """Write a page's words in one language unless they are there, or are an editor's."""
    language = locale.language_code
    words = words_of(place, language)
    structure = structure_of(place)
    digest = fingerprint(words)
    if language == SOURCE:
        digest += fingerprint(structure)
    else:
        digest += LoadedText.objects.get(code=place.name, locale=SOURCE).digest[:HALF]
    model = MODELS.get(place.model, InformationPage)
    found = model.objects.filter(translation_key=key_of_place(place), locale=locale).first()
    known = LoadedText.objects.filter(code=place.name, locale=language).first()
    if found and known and (known.digest == digest or _is_edited(found, words, known)):
        return 0
    page = found or model(translation_key=key_of_place(place), locale=locale)
    # The words of a page of an earlier version, of which nothing is known, stay.
    _write(place, page, structure if found and not known else words | structure)
    remember_text(place.name, digest, language, at)
    return int(not found or bool(known))


def _is_edited(page: Page, words: dict[str, Any], known: LoadedText) -> bool:
    """Tell whether somebody changed the page since its file was loaded, if only as a draft."""
    now = fingerprint({name: getattr(page, name) for name in words})
    return bool(page.has_unpublished_changes or now != known.digest[:HALF])


def _write(place: Place, page: Page, fields: dict[str, Any]) -> None:
    """Publish the page with these fields; a translation by way of wagtail-localize."""
    page.slug = page.slug or place.code
    for name, value in fields.items():
        setattr(page, name, value)
    if page.locale.language_code != SOURCE:
        source = type(page)._default_manager.get(
            translation_key=page.translation_key, locale__language_code=SOURCE
        )
        translate_instance(source, page, page.locale)
        return
    if not page.pk:
        _parent(place).add_child(instance=page)
    page.save_revision(changed=False).publish()


def _parent(place: Place) -> Page:
    """Return the page that this one stands under, in the source language."""
    if place.model == "home":
        root: Page = Page.get_first_root_node()
        return root
    parent: Page = Page.objects.get(
        translation_key=key_of("site", "sectors" if place.is_sector else "home"),
        locale__language_code=SOURCE,
    )
    return parent


def _serve(home: HomePage) -> None:
    """Make the home page the root of the one site."""
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "root_page": home,
            "hostname": address.hostname or "localhost",
            "port": port,
            "site_name": settings.SITE_NAME,
        },
    )
