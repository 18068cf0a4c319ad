"""Model fields of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.fields import RichTextField

from .sanitising import PROSE, clean

if TYPE_CHECKING:
    from django.db.models import Model

FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]


class ProseField(RichTextField):
    """An author's prose, cleaned when it is saved and never again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("features", FEATURES)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: Any) -> Any:
        return clean(super().clean(value, model_instance), allow=PROSE)

    def pre_save(self, model_instance: Model, add: bool) -> Any:  # noqa: FBT001  (Django's own)
        """Clean what reaches the table or a revision without a form, such as a translation."""
        value = clean(super().pre_save(model_instance, add) or "", allow=PROSE)
        setattr(model_instance, self.attname, value)
        return value
