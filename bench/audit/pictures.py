"""A picture of every page kind: two widths, three languages, in the dark and in print, on one sheet."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.text import slugify
from PIL import Image

from tests import browser as browsers
from tests.e2e.kinds import Kind, every_kind
from tests.e2e.looking import SMALL, WIDE, stand_on
from tests.e2e.scene import Scene, make_scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "screenshots"
LANGUAGES = ("en", "ru", "de")
PAPER = 794  # the width of an A4 sheet in CSS pixels
HIGH = 380  # of every picture on the sheet, in pixels
GAP = 8
MOST_BYTES = 4_000_000


class PicturesTooHeavyError(RuntimeError):
    """All pictures together weigh more than the project will carry."""


def picture(*, chromium: str, only: str) -> None:
    """Write one sheet a page kind into `docs/screenshots/`, in place of what is there."""
    if not only:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    scene = make_scene(LANGUAGES[0])
    sessions = scene.sessions()
    with browsers.chromium(chromium) as browser:
        page = browser.new_context(base_url=settings.BASE_URL).new_page()
        for number, kind in enumerate(every_kind(scene)):
            if only in kind.name:
                shots = shoot(page, scene, number, sessions)
                target = FOLDER / f"{number + 1:03}-{slugify(kind.name)}.avif"
                sheet(shots).save(target, quality=26, speed=8)
                print(target.name, flush=True)
    weight = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"{len(list(FOLDER.iterdir()))} sheets, {weight / 1e6:.1f} MB")
    if weight > MOST_BYTES:
        raise PicturesTooHeavyError(f"{weight} bytes, more than {MOST_BYTES}")


def shoot(page: Page, scene: Scene, number: int, sessions: dict[str, str]) -> list[Image.Image]:
    """Return one page kind wide and narrow in each language, then in the dark and in print."""
    shots = []
    for language in LANGUAGES:
        kind: Kind = list(every_kind(replace(scene, language=language)))[number]
        page.set_viewport_size({"width": WIDE, "height": 900})
        stand_on(page, kind, sessions, settings.BASE_URL)
        shots.append(shot(page))
        page.set_viewport_size({"width": SMALL, "height": 740})
        shots.append(shot(page))
    page.emulate_media(color_scheme="dark")
    shots.append(shot(page))
    page.emulate_media(media="print", color_scheme="light")
    page.set_viewport_size({"width": PAPER, "height": 1123})
    shots.append(shot(page))
    page.emulate_media(media="screen")
    return shots


def shot(page: Page) -> Image.Image:
    """Return what the window shows, as high as every picture on the sheet."""
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return seen.resize((round(seen.width * HIGH / seen.height), HIGH), Image.Resampling.LANCZOS)


def sheet(shots: list[Image.Image]) -> Image.Image:
    """Return the pictures in two rows: the wide ones and paper, then the narrow ones."""
    *pairs, dark, paper = shots
    rows = [[*pairs[::2], paper], [*pairs[1::2], dark]]
    width = max(sum(one.width + GAP for one in row) for row in rows) + GAP
    whole = Image.new("RGB", (width, (HIGH + GAP) * len(rows) + GAP), "#66727f")
    for line, row in enumerate(rows):
        across = GAP
        for one in row:
            whole.paste(one, (across, GAP + line * (HIGH + GAP)))
            across += one.width + GAP
    return whole
