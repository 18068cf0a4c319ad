"""The stylesheet keeps its promises: contrast, direction, weight."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

import tutela.kit
from courses.sectors import Sector
from tutela.kit.finders import StylesheetFinder
from tutela.kit.stylesheet import LAYERS, PARTS, WITHOUT_A_LAYER, joined

STATIC = Path(tutela.kit.__file__).parent / "static" / "kit"
CSS = joined()
SCRIPT = (STATIC / "js" / "tutela.js").read_text(encoding="utf-8")

TEXT = [
    ("ink", "paper"),
    ("ink", "sunken"),
    ("ink", "note-tint"),
    ("ink", "ok-tint"),
    ("ink", "warn-tint"),
    ("ink", "bad-tint"),
    ("muted", "paper"),
    ("muted", "sunken"),
    ("act", "paper"),
    ("act", "sunken"),
    ("act", "note-tint"),
    ("act-hover", "paper"),
    ("act-hover", "sunken"),
    ("visited", "paper"),
    ("visited", "sunken"),
    ("visited", "note-tint"),
    ("on-act", "act"),
    ("on-act", "act-hover"),
    ("paper", "ink"),
    ("ok", "paper"),
    ("ok", "ok-tint"),
    ("ok", "note-tint"),
    ("bad", "paper"),
    ("bad", "bad-tint"),
    ("warn", "paper"),
    ("warn", "warn-tint"),
    ("warn", "note-tint"),
    ("c1", "paper"),
    ("c2", "paper"),
    ("c3", "paper"),
    ("c4", "paper"),
    ("c5", "paper"),
    ("c6", "paper"),
]
SHAPES = [("border", "paper"), ("border", "sunken"), ("focus-inner", "focus-outer")]


def tokens(scheme: str) -> dict[str, str]:
    """Return the colours of `light` or `dark`, by name."""
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark))
    return colours


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2.2 defines it."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_and_white() -> None:
    assert contrast("#000", "#ffffff") == 21


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_is_legible(front: str, back: str, scheme: str) -> None:
    colours = tokens(scheme)

    assert contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_shapes_can_be_seen(front: str, back: str, scheme: str) -> None:
    colours = tokens(scheme)

    assert contrast(colours[front], colours[back]) >= 3


# A8
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sunken", "note-tint", "warn-tint"])
def test_one_tone_of_the_focus_ring_stands_out(ground: str, scheme: str) -> None:
    colours = tokens(scheme)

    rings = [contrast(colours[ring], colours[ground]) for ring in ("focus-inner", "focus-outer")]

    assert max(rings) >= 3


def test_every_colour_is_a_token() -> None:
    rules = CSS[CSS.index("@layer reset {") : CSS.index("@layer print {")]

    assert re.findall(r"#[0-9a-f]{3,6}\b|rgba?\(|hsla?\(", rules) == ["#fff"]  # behind a QR code


def test_no_physical_properties() -> None:
    physical = re.findall(
        r"(?:^|[\s;{(])((?:margin|padding|border|scroll-margin|scroll-padding)?-?"
        r"(?:left|right|top|bottom)|(?:min-|max-)?(?:width|height)|float|clear)\s*:",
        re.sub(r"@media[^{]*\{", "", CSS),
    )
    sides = re.findall(r"text-align:\s*(?:left|right)", CSS)

    four = re.findall(r"(?:margin|padding|inset):\s*(?:[^\s;]+\s+){3}[^\s;]+;", CSS)

    assert physical + sides + four == []


def test_every_part_is_served() -> None:
    listed = [*WITHOUT_A_LAYER, *(name for names in LAYERS.values() for name in names)]

    assert sorted(listed) == sorted(file.stem for file in PARTS.glob("*.css"))
    assert CSS.count("{") == CSS.count("}")
    assert "/*" not in CSS


def test_stylesheet_is_found_as_one_file() -> None:
    place = finders.find("kit/css/tutela.css")

    assert Path(str(place)).read_text(encoding="utf-8") == CSS
    assert [path for path, _storage in StylesheetFinder().list(None)] == ["kit/css/tutela.css"]


def test_layers_in_order() -> None:
    assert CSS.startswith("@layer reset, base, layout, components, utilities, print;")


@pytest.mark.parametrize(("text", "limit"), [(CSS, 8 * 1024), (SCRIPT, 2 * 1024)])
def test_weight_on_the_wire(text: str, limit: int) -> None:
    assert len(gzip.compress(text.encode(), 9)) <= limit


def test_nothing_comes_from_elsewhere() -> None:
    assert re.findall(r"@import|@font-face|https?://", CSS + SCRIPT) == []


def test_icons_are_few() -> None:
    icons = (STATIC / "icons.svg").read_text(encoding="utf-8")

    sectors = [code for code in Sector.values if f'<symbol id="{code}"' in icons]
    assert sectors == Sector.values
    assert icons.count("<symbol ") - len(sectors) <= 12
    assert "<style" not in icons
    assert "<script" not in icons
