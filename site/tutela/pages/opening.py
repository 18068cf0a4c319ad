"""Opens a new site: its languages, home page, catalogue and information pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml
from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from courses.curriculum.files import SOURCE
from courses.curriculum.loading import translate_instance
from courses.curriculum.rendering import html_of, key_of
from courses.models import CatalogPage

from .models import HomePage, InformationPage

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = Path(__file__).with_name("site.yaml")


def open_site(*, say: Callable[[str], None]) -> CatalogPage:
    """Make what is missing of the site's frame, and return its catalogue; editors' words stay."""
    locales = {
        code: Locale.objects.get_or_create(language_code=code)[0] for code, _ in settings.LANGUAGES
    }
    _drop_welcome()
    made = 0
    for texts in yaml.safe_load(TEXTS.read_text(encoding="utf-8")):
        for language, locale in locales.items():
            with transaction.atomic():
                made += _open_page(texts, language, locale, locales[SOURCE])
    _serve(HomePage.objects.get(translation_key=key_of("site", "home"), locale=locales[SOURCE]))
    say(f"site: {made} pages opened")
    catalog: CatalogPage = CatalogPage.objects.get(
        translation_key=key_of("site", "courses"), locale=locales[SOURCE]
    )
    return catalog


def _drop_welcome() -> None:
    """Remove the page that Wagtail's first migration makes; its address is our home page's."""
    welcome = Page.objects.filter(depth=2, slug="home").first()
    if welcome and type(welcome.specific) is Page:
        welcome.delete()


def _open_page(texts: dict[str, Any], language: str, locale: Locale, source: Locale) -> int:
    code = texts["code"]
    key = key_of("site", code)
    model = {"home": HomePage, "courses": CatalogPage}.get(code, InformationPage)
    if language not in texts or model.objects.filter(translation_key=key, locale=locale).exists():
        return 0
    page = model(
        translation_key=key,
        locale=locale,
        slug=code,
        title=texts[language]["title"],
        **{
            "body" if model is InformationPage else "introduction": html_of(texts[language]["text"])
        },
    )
    if locale == source:
        parent = Page.get_first_root_node() if model is HomePage else _home(source)
        parent.add_child(instance=page)
        page.save_revision(changed=False).publish()
    else:
        translate_instance(model.objects.get(translation_key=key, locale=source), page, locale)
    return 1


def _home(locale: Locale) -> HomePage:
    home: HomePage = HomePage.objects.get(translation_key=key_of("site", "home"), locale=locale)
    return home


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
