"""Model fields of the house."""

from __future__ import annotations

from typing import Any

from wagtail.fields import RichTextField

from .sanitising import PROSE, clean

FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]


class ProseField(RichTextField):
    """An author's prose, cleaned when it is saved and never again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("features", FEATURES)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: Any) -> Any:
        return clean(super().clean(value, model_instance), allow=PROSE)
