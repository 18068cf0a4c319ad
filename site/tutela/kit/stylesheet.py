"""The stylesheet: one small part for each component, joined into the one file that is served."""

from __future__ import annotations

import re
from pathlib import Path

PARTS = Path(__file__).parent / "static" / "kit" / "css" / "parts"

# In this order, layer by layer; what stands in no layer is stronger than all of them.
LAYERS = {
    "reset": ("reset",),
    "base": ("base",),
    "layout": ("layout",),
    "components": (
        *("prose", "icon", "button", "skip", "header", "navigation", "demonstration"),
        *("breadcrumbs", "footer", "opening", "drawing", "tile", "panel", "notice"),
        *("error_summary", "meta", "card", "status", "steps", "task_list", "contents"),
        *("previous_next", "progress", "field", "question", "filters", "pagination"),
        *("record_table", "self_check", "scenario_node", "key_points", "do_do_not", "example"),
        *("figure", "check_answers", "result", "certificate", "verification", "chart"),
        *("kept_country", "help", "glossary", "search"),
    ),
    "utilities": ("utilities",),
    "print": ("print",),
}
WITHOUT_A_LAYER = ("tokens", "forced")


def joined() -> str:
    """Return all parts as one stylesheet, without comments and without what only people need."""
    sheets = [f"@layer {', '.join(LAYERS)};", part("tokens")]
    for layer, names in LAYERS.items():
        sheets.append("\n".join([f"@layer {layer} {{", *map(part, names), "}"]))
    return "\n".join([*sheets, part("forced"), ""])


def part(name: str) -> str:
    """Return one part without its comments and its indentation."""
    text = (PARTS / f"{name}.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
