"""Every page kind from right to left, in words that are two fifths longer than English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .looking import EVERY, FIT, SMALLEST, WIDE, look
from .pseudo import CODE, pretended, speaking
from .scene import make_scene
from .touring import opened, visited

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("text", "kept"), [("Leave %(name)s?", "%(name)s"), ("<b>Go</b> 80 %%", "%%"), ("A\n", "\n")]
)
def test_what_a_translator_keeps_is_kept(text: str, kept: str) -> None:
    said = pretended(text)

    assert kept in said
    assert len(said) >= len(text) * 1.4 - len(kept)


# A10, A15: so that a language that is added later is translation only.
def test_every_page_kind_from_right_to_left(
    curriculum: None, browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    scene = make_scene("en")
    found: list[str] = []

    with speaking(tmp_path), opened(browser, live_server.url, CODE) as page:
        for kind in visited(page, scene, live_server.url, language=CODE):
            lines = look(page, *EVERY, "mirroring", "overflow", language=CODE)
            page.set_viewport_size({"width": SMALLEST, "height": 568})
            lines += [f"at {SMALLEST} px, {line}" for line in look(page, *FIT)]
            page.set_viewport_size({"width": WIDE, "height": 800})
            found += [f"{kind.name}: {line}" for line in lines]

    assert found == [], "\n".join([f"{len(found)} findings", *found])
