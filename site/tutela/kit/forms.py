"""The form behind a picture in the CMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.images.forms import BaseImageForm

from .middleware import empty_page_cache
from .pictures import FORMATS, WIDTHS, filter_of, make_renditions

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage


class PictureForm(BaseImageForm):
    """Makes anew what a page shows a picture from, since Wagtail throws it away with the old file."""

    def save(self, commit: bool = True) -> AbstractImage:  # noqa: FBT001, FBT002  (Django's own)
        shown = {filter_of(width, kind) for width in WIDTHS for kind in FORMATS}
        is_shown = self.instance.pk and self.instance.renditions.filter(filter_spec__in=shown)
        has_new_file = "file" in self.changed_data and bool(is_shown)
        image: AbstractImage = super().save(commit=commit)
        if has_new_file:
            make_renditions(image)
            transaction.on_commit(empty_page_cache)
        return image
