"""The one function that cleans an author's HTML, when it is saved and never again.

bleach removes what is not on a short list; then nh3, a second parser, must find nothing left to
remove, else the text is refused (docs/decisions/0006-sanitising.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import nh3
from bleach.html5lib_shim import Filter  # type: ignore[attr-defined]
from bleach.sanitizer import Cleaner
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterator

# Longer than any lesson; what is longer costs the parsers seconds.
MAX_LENGTH = 200_000
# A second pass settles markup that a browser would regroup, such as <b><p>..</b>; a third, hardly.
MAX_PASSES = 3
# What these hold is never prose: they go with their content. `svg` and `math` switch the parser's
# rules, `template`, `noscript` and the raw-text elements hide markup from one parser or the other.
DROPPED = frozenset(
    {
        "iframe", "math", "noembed", "noframes", "noscript", "object", "script", "select", "style",
        "svg", "template", "textarea", "title", "xmp",
    }
)  # fmt: skip
# Control characters but tab and line ends, and halves of surrogate pairs: no text needs them.
UNWANTED_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, eq=False)
class AllowList:
    """Which elements may stay, which attributes with which values, and which link schemes."""

    tags: frozenset[str]
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    schemes: frozenset[str] = frozenset({"https", "mailto", "tel"})

    def allows(self, tag: str, name: str, value: str) -> bool:
        """Return whether the attribute may stay; a pattern must match the whole value."""
        pattern = self.attributes.get(tag, {}).get(name)
        return pattern is not None and re.fullmatch(pattern, value) is not None


# Wagtail's own rich text: links to pages carry `linktype` and `id`, and blocks a `data-block-key`.
BLOCK = {"data-block-key": r"[A-Za-z0-9-]{1,36}"}
PROSE = AllowList(
    tags=frozenset({"p", "br", "b", "strong", "i", "em", "h3", "ul", "ol", "li", "a"}),
    attributes={
        "a": {"href": r"(?s).*", "linktype": "page", "id": r"[0-9]{1,18}"},
        **dict.fromkeys(("p", "h3", "ul", "ol", "li"), BLOCK),
    },
)


def clean(html: str, *, allow: AllowList = PROSE) -> str:
    """Return the text with nothing but what is allowed; cleaning it again changes nothing.

    Raises `ValidationError` where the second parser still finds something to remove.
    """
    return _clean(html, allow)


# One save of a page cleans each of its texts several times: as a field, as a revision, as published.
@lru_cache(maxsize=32)
def _clean(html: str, allow: AllowList) -> str:
    if len(html) > MAX_LENGTH:
        raise ValidationError(_("This text is too long. Divide it into several."))
    cleaned = UNWANTED_CHARACTERS.sub("", html)
    for _pass in range(MAX_PASSES):
        cleaned = first_parser(cleaned, allow=allow)
        if second_parser_agrees(cleaned, allow=allow):
            return cleaned
    raise ValidationError(
        _("This text holds code that could not be removed safely. Paste it as plain text.")
    )


class DropWithContent(Filter):
    """Leaves out the elements of `DROPPED` together with all that is in them."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        depth = 0
        for token in super().__iter__():
            kind = token["type"]
            if depth:
                depth += {"StartTag": 1, "EndTag": -1}.get(kind, 0)
            elif kind == "StartTag" and token["name"] in DROPPED:
                depth = 1
            elif not (kind == "EmptyTag" and token["name"] in DROPPED):
                yield token


def first_parser(html: str, *, allow: AllowList) -> str:
    """Return what bleach leaves of the text."""
    # bleach must read the dropped elements as elements, else their content stays as text. It is
    # not thread-safe, so each text has a cleaner of its own.
    cleaner = Cleaner(
        tags=allow.tags | DROPPED,
        attributes=allow.allows,
        protocols=allow.schemes,
        strip=True,
        strip_comments=True,
        filters=[DropWithContent],
    )
    # Wagtail's editor stops at <br>: it wants <br/>, as it writes it.
    cleaner.serializer.use_trailing_solidus = True
    cleaner.serializer.space_before_trailing_solidus = False
    return str(cleaner.clean(html))


def second_parser_agrees(html: str, *, allow: AllowList) -> bool:
    """Return whether nh3, reading what bleach left, would remove or regroup nothing."""
    strict = nh3.clean(
        html,
        tags=set(allow.tags),
        attributes={tag: set(names) for tag, names in allow.attributes.items()},
        attribute_filter=lambda tag, name, value: value if allow.allows(tag, name, value) else None,
        url_schemes=set(allow.schemes),
        link_rel=None,
    )
    return outline(strict) == outline(html)


class Outline(HTMLParser):
    """Reads HTML into a list of tags and texts, so that mere spelling makes no difference."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[object, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(("start", tag, sorted((name, value or "") for name, value in attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(("end", tag))

    def handle_data(self, data: str) -> None:
        if self.parts and self.parts[-1][0] == "text":
            data = f"{self.parts.pop()[1]}{data}"
        self.parts.append(("text", data))

    def handle_comment(self, data: str) -> None:
        self.parts.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.parts.append(("declaration", decl))

    def unknown_decl(self, data: str) -> None:
        self.parts.append(("declaration", data))

    def handle_pi(self, data: str) -> None:
        self.parts.append(("instruction", data))


def outline(html: str) -> list[tuple[object, ...]]:
    """Return the tags, attributes and texts of the HTML, with every entity resolved."""
    reader = Outline()
    reader.feed(html)
    reader.close()
    return reader.parts
