"""The one function that cleans an author's HTML, when it is saved and never again.

bleach removes what is not on a short list; then nh3, a second parser, must find nothing left to
remove, else the text is refused (docs/decisions/0006-sanitising.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import bleach
import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class AllowList:
    """Which elements, attributes and link schemes may stay."""

    tags: frozenset[str]
    attributes: dict[str, frozenset[str]] = field(default_factory=dict)
    schemes: frozenset[str] = frozenset({"https", "mailto", "tel"})


# Wagtail's own rich text: links to pages carry `linktype` and `id`, and blocks a `data-block-key`.
PROSE = AllowList(
    tags=frozenset({"p", "br", "b", "strong", "i", "em", "h3", "ul", "ol", "li", "a"}),
    attributes={
        "a": frozenset({"href", "linktype", "id"}),
        **{tag: frozenset({"data-block-key"}) for tag in ("p", "h3", "ul", "ol", "li")},
    },
)
PLAIN = AllowList(tags=frozenset())


def clean(html: str, *, allow: AllowList = PROSE) -> str:
    """Return the text with nothing but what is allowed.

    Raises `ValidationError` where the second parser still finds something to remove.
    """
    cleaned = str(
        bleach.clean(
            html,
            tags=allow.tags,
            attributes={tag: sorted(names) for tag, names in allow.attributes.items()},
            protocols=allow.schemes,
            strip=True,
            strip_comments=True,
        )
    )
    if not second_parser_agrees(cleaned, allow=allow):
        raise ValidationError(
            _("This text holds code that could not be removed safely. Paste it as plain text.")
        )
    return cleaned


def second_parser_agrees(html: str, *, allow: AllowList) -> bool:
    """Return whether nh3, reading what bleach left, would remove nothing."""
    strict = nh3.clean(
        html,
        tags=set(allow.tags),
        attributes={tag: set(names) for tag, names in allow.attributes.items()},
        url_schemes=set(allow.schemes),
        link_rel=None,
    )
    return bool(strict == html)
