"""The golden rule: structure is read from the source, text from the language that is shown.

A text that is missing falls back to the source, marked with its language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StructBlock, TextBlock

if TYPE_CHECKING:
    from wagtail.blocks import Block
    from wagtail.blocks.stream_block import StreamValue
    from wagtail.models import Page

WORDS = (CharBlock, TextBlock, RichTextBlock)


@dataclass(frozen=True, slots=True)
class Lent:
    """A page of the source, and the page whose words are shown: its translation, or itself."""

    source: Page
    text: Page
    asked: str

    @property
    def language(self) -> str:
        """The language of the words that are shown."""
        return str(self.text.locale.language_code)

    @property
    def is_fallback(self) -> bool:
        return self.language != self.asked


@dataclass(frozen=True, slots=True)
class LentBlock:
    """One block of a lesson, with its language where that is not the page's."""

    type: str
    value: Any
    language: str = ""


def lend_stream(source: StreamValue, text: StreamValue, *, source_language: str) -> list[LentBlock]:
    """Return the source's blocks in the source's order, in the words of the other stream."""
    words = {child["id"]: child for child in text.raw_data if child}
    merged = [
        {
            **child,
            "value": lend_value(
                source.stream_block.child_blocks[child["type"]],
                child["value"],
                words.get(child["id"], {}).get("value"),
            ),
        }
        for child in source.raw_data
        if child
    ]
    return [
        LentBlock(child.block_type, child, "" if child.id in words else source_language)
        for child in source.stream_block.to_python(merged)
    ]


def lend_value(block: Block, source: Any, text: Any) -> Any:
    """Return a block's raw value: the source's structure with the other's words where it has any."""
    if isinstance(block, WORDS):
        return text if isinstance(text, str) and text else source
    if isinstance(block, StructBlock) and isinstance(source, dict):
        given = text if isinstance(text, dict) else {}
        return {
            name: lend_value(child, source.get(name), given.get(name))
            for name, child in block.child_blocks.items()
        }
    if isinstance(block, ListBlock) and isinstance(source, list):
        return _lend_items(block, source, text if isinstance(text, list) else [])
    return source


def _lend_items(block: ListBlock, source: list[Any], text: list[Any]) -> list[Any]:
    """Join the items of a list by their ids: a reordered source is right in every language."""
    words = {item["id"]: item["value"] for item in text if isinstance(item, dict) and "id" in item}
    return [
        {**item, "value": lend_value(block.child_block, item["value"], words.get(item["id"]))}
        for item in source
    ]
