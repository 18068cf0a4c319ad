"""The golden rule: structure is read from the source, text from the language that is shown.

A text that is missing falls back to the source, marked with its language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_info
from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StructBlock, TextBlock
from wagtail.fields import RichTextField, StreamField

if TYPE_CHECKING:
    from django.utils.safestring import SafeString
    from wagtail.blocks import Block
    from wagtail.blocks.stream_block import StreamValue
    from wagtail.models import Page


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

    @property
    def title(self) -> str:
        """The title without a mark, for places that take no HTML."""
        return str(self.text.title)

    @property
    def words(self) -> Words:
        return Words(self)


class Words:
    """The texts of a lent page by their field's name, for templates.

    What the shown language lacks is its source's, marked; a `<title>` takes `lent.title` instead.
    """

    def __init__(self, lent: Lent) -> None:
        self.lent = lent

    def __getitem__(self, name: str) -> Any:
        source = getattr(self.lent.source, name)
        text = getattr(self.lent.text, name)
        if self.lent.text is self.lent.source and not self.lent.is_fallback:
            return source
        language = self.lent.source.locale.language_code
        given = None if self.lent.is_fallback else text
        field = self.lent.source._meta.get_field(name)
        if isinstance(field, StreamField):
            return lend_stream(source, given, language=language)
        return given or _marked(source, language, rich=isinstance(field, RichTextField))


class ForeignText(str):
    """A text in another language than those around it; a template writes it marked as such."""

    __slots__ = ("language",)
    language: str

    def __html__(self) -> SafeString:
        return in_language("span", self.language, str(self))


def foreign(text: str, language: str) -> str:
    """Return a text that says in HTML which language it is in."""
    marked = ForeignText(text)
    marked.language = language
    return marked


def in_language(tag: str, language: str, text: str) -> SafeString:
    """Return the text in an element with its language and direction."""
    info = get_language_info(language)
    direction = "rtl" if info["bidi"] else "ltr"
    return format_html('<{} lang="{}" dir="{}">{}</{}>', tag, language, direction, text, tag)


def lend_stream(
    source: StreamValue, text: StreamValue | None, *, language: str
) -> list[StreamValue.StreamChild]:
    """Return the source's blocks in the source's order, in the words of the other stream.

    Where that has none, the source's words are marked with their `language`.
    """
    words = {child.get("id"): child["value"] for child in text.raw_data} if text else {}
    merged = [
        {
            **child,
            "value": lend_value(
                source.stream_block.child_blocks[child["type"]],
                child["value"],
                words.get(child.get("id")),
                language=language,
            ),
        }
        for child in source.raw_data
    ]
    return list(source.stream_block.to_python(merged))


def lend_value(block: Block, source: Any, text: Any, *, language: str) -> Any:
    """Return a block's raw value: the source's structure with the other's words where it has any."""
    if isinstance(block, (CharBlock, TextBlock, RichTextBlock)):
        if isinstance(text, str) and text:
            return text
        return _marked(source, language, rich=isinstance(block, RichTextBlock))
    if isinstance(block, StructBlock) and isinstance(source, dict):
        given = text if isinstance(text, dict) else {}
        return {
            name: lend_value(child, source.get(name), given.get(name), language=language)
            for name, child in block.child_blocks.items()
        }
    if isinstance(block, ListBlock) and isinstance(source, list):
        return _lend_items(block, source, text if isinstance(text, list) else [], language)
    return source


def _marked(source: Any, language: str, *, rich: bool) -> Any:
    if not isinstance(source, str) or not source:
        return source
    if not rich:
        return foreign(source, language)
    cleaned = mark_safe(source)  # noqa: S308  (prose is cleaned when it is saved)
    return str(in_language("div", language, cleaned))


def _lend_items(block: ListBlock, source: list[Any], text: list[Any], language: str) -> list[Any]:
    """Join the items of a list by their ids: a reordered source is right in every language."""
    words = {item["id"]: item["value"] for item in text if isinstance(item, dict) and "id" in item}
    return [
        {
            **item,
            "value": lend_value(
                block.child_block, item["value"], words.get(item.get("id")), language=language
            ),
        }
        for item in source
    ]
