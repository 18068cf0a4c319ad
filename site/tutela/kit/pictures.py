"""Pictures in two widths and two formats: made when a page is published, never during a visit.

AVIF saves a third of what JPEG weighs, but costs half a second to make, and its encoder is the part
of a server that is most often missing: a picture is shown from whatever could be made.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wagtail.images.models import AbstractImage, AbstractRendition

logger = logging.getLogger("tutela.kit")

WIDTHS = (400, 800)
FORMATS = ("avif", "jpeg")
SIZES = "(max-width: 40rem) 100vw, 40rem"


def filter_of(width: int, kind: str) -> str:
    """Return how Wagtail calls a picture of this width in this format."""
    return f"width-{width}|format-{kind}"


def make_renditions(image: AbstractImage) -> None:
    """Make what is missing of a picture; what cannot be made is noted, and does not fail."""
    for kind in FORMATS:
        for width in WIDTHS:
            try:
                _make(image, filter_of(width, kind))
            except Exception:
                logger.exception("Picture %s cannot be made as %s.", image.pk, kind)
                break


def _make(image: AbstractImage, spec: str) -> None:
    """Make one rendition if there is none; Wagtail's own way would leave its file open."""
    from wagtail.images.models import Filter  # noqa: PLC0415  (needs the app registry)

    wanted = Filter(spec=spec)
    sort = {"filter_spec": wanted.spec, "focal_point_key": wanted.get_cache_key(image)}
    if image.renditions.filter(**sort).exists():
        return
    with image.generate_rendition_file(wanted) as file:
        image.renditions.get_or_create(**sort, defaults={"file": file})


def picture(image: AbstractImage, *, alt: str) -> SafeString:
    """Return a picture from what was made of it, or as it was uploaded; nothing is made here.

    An alternative text that was lent from another language says which.
    """
    made = {rendition.filter_spec: rendition for rendition in image.renditions.all()}
    found = {
        kind: [made[spec] for width in WIDTHS if (spec := filter_of(width, kind)) in made]
        for kind in FORMATS
    }
    source = format_html(
        '<source type="image/avif" srcset="{}" sizes="{}">', _srcset(found["avif"]), SIZES
    )
    shown = found["jpeg"][-1] if found["jpeg"] else image
    lang = getattr(alt, "language", "")
    img = format_html(
        '<img src="{}"{} alt="{}"{} width="{}" height="{}" loading="lazy" decoding="async">',
        shown.file.url,
        _candidates(found["jpeg"]),
        str(alt),
        format_html(' lang="{}"', lang) if lang else "",
        shown.width,
        shown.height,
    )
    return format_html("<picture>{}{}</picture>", source if found["avif"] else "", img)


def _candidates(renditions: list[AbstractRendition]) -> SafeString:
    if not renditions:
        return mark_safe("")
    return format_html(' srcset="{}" sizes="{}"', _srcset(renditions), SIZES)


def _srcset(renditions: Iterable[AbstractRendition]) -> str:
    """Return each width once: a picture smaller than asked is not made bigger."""
    by_width: dict[int, Any] = {rendition.width: rendition for rendition in renditions}
    return ", ".join(f"{one.file.url} {width}w" for width, one in by_width.items())
