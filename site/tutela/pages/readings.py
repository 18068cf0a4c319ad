"""How many guarded texts of the site wait for a professional's review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from tutela.work.watching import Reading, rising

from .reviewing import unreviewed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def read_texts(at: datetime) -> Iterator[Reading]:
    """Read how many texts on disclosure, reporting and help were not reviewed."""
    texts = len(unreviewed())
    yield Reading(
        "texts_unreviewed",
        rising(texts, look=1),
        texts,
        ngettext(
            "%d text on disclosure, reporting or help was not reviewed by a professional.",
            "%d texts on disclosure, reporting or help were not reviewed by a professional.",
            texts,
        )
        % texts,
    )
