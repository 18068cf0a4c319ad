"""Every page kind, in every language: axe finds nothing, nor do the rules beyond.

Scanners alone are weak, so each page is also asked for its structure, language, errors, focus,
targets, width, weight and whom it talks to. One list of all findings is the test's message. The
suite has axe look in English and French, `make audit` in every language.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client

from tests.kit.pages import faults_of

from .kinds import Kind, every_kind
from .looking import (
    EVERY,
    EVERYTHING,
    FIT,
    SMALL,
    SMALLEST,
    WIDE,
    Traffic,
    budget,
    look,
    look_at_focus,
    look_at_motion,
    look_at_sizes,
    look_beyond_axe,
    look_in_the_dark,
    look_with_axe,
    stand_on,
)
from .scene import make_scene
from .spoken import compare, drawn_texts, forgotten, spoken
from .touring import error_kinds, opened, visited

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.sweep, pytest.mark.django_db(transaction=True)]


def client_of(session: str) -> Client:
    """Return a client with this session, a visitor's without one."""
    client = Client(headers={"host": "localhost"})
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def sweep(page: Page, kind: Kind, traffic: Traffic, language: str) -> list[str]:
    """Return everything that is wrong with the page that the browser stands on, at every width."""
    found = budget(kind, traffic) if not kind.press else []
    found += look_beyond_axe(page, language=language, indexed=kind.indexed)
    if language == settings.LANGUAGE_CODE:  # colours and movements are the same in every language
        found += look_in_the_dark(page)
        found += look_at_motion(page)
    widths = (WIDE, SMALL) if language == settings.LANGUAGE_CODE else (SMALL,)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        faults = look(page, "targets") + look_with_axe(page, EVERYTHING)
        found += [f"at {width} px, {line}" for line in faults]
    found += look_at_sizes(page)
    if language == settings.LANGUAGE_CODE:
        found += look_at_focus(page)
        found += look(page, "change")
    page.set_viewport_size({"width": WIDE, "height": 800})
    return found


# A2, A7 to A10, A15 to A18, A23: `looking.js` says what is looked for.
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_kind(
    curriculum: None,
    browser: Browser,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    # The questions are drawn alike in every run, so that what is said of them can be compared.
    seeds = count(1)
    monkeypatch.setattr("quizzes.attempts.secrets.randbits", lambda bits: next(seeds))
    scene = make_scene(language)
    sessions = scene.sessions()
    found: list[str] = []
    titles: Counter[str] = Counter()
    drawn = drawn_texts()
    kinds = [*every_kind(scene), *error_kinds(language)]

    with opened(browser, live_server.url, language, script=AXE_SCRIPT) as page:
        traffic = Traffic(live_server.url, page)
        for kind in kinds:
            traffic.reset()
            status = stand_on(page, kind, sessions, live_server.url)
            if status != kind.status:
                found.append(f"{kind.name}: status {status} of {kind.path}")
            titles[page.title()] += not kind.again
            if language == settings.LANGUAGE_CODE:
                said = spoken(page, kind.name, drawn)
                found += [f"{kind.name}: {line}" for line in compare(kind.name, said)]
            found += [f"{kind.name}: {line}" for line in sweep(page, kind, traffic, language)]

    found += forgotten(kind.name for kind in kinds)
    found += [f"title of {times} kinds: {title}" for title, times in titles.items() if times > 1]
    assert found == [], "\n".join([f"{len(found)} findings", *found])


# A10: German and Russian words are the longest, so these pages are laid out, on a small telephone.
@pytest.mark.parametrize("language", ["de", "ru"])
def test_long_words_fit(
    curriculum: None, browser: Browser, live_server: LiveServer, language: str
) -> None:
    scene = make_scene("en")

    with opened(browser, live_server.url, language, width=SMALLEST) as page:
        found = [
            f"{kind.name}: {line}"
            for kind in visited(page, scene, live_server.url, language=language)
            for line in look(page, *EVERY, *FIT, language=language)
        ]

    assert found == [], "\n".join(found)


# A13, A15: what is left is read without a browser.
@pytest.mark.parametrize("language", ["es", "it"])
def test_every_page_says_its_language_and_ends_alike(curriculum: None, language: str) -> None:
    scene = make_scene("en")
    clients = {name: client_of(key) for name, key in scene.sessions().items()}
    found: list[str] = []
    footers = set()

    for kind in every_kind(replace(scene, language=language)):
        if kind.press:
            continue
        html = clients[kind.who].get(kind.path).text
        found += [f"{kind.name}: {fault}" for fault in faults_of(html)]
        if f'<html lang="{language}" dir="ltr">' not in html:
            found.append(f"{kind.name}: no language")
        # A country's page says its own emergency number; all else is the same everywhere.
        footer = html.partition("<footer")[2].partition("</footer>")[0]
        footers.add(re.sub(r" \d{3} ", " 112 ", footer, count=1))

    assert found == [], "\n".join(found)
    assert len(footers) == 1
