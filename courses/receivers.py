"""What this room does when news reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver
from tutela.kit.middleware import empty_page_cache
from wagtail.signals import page_published, page_unpublished, published, unpublished

from .releasing import KINDS, identify

if TYPE_CHECKING:
    from wagtail.models import Page


@receiver(page_published)
def identify_published_page(instance: Page, **_: Any) -> None:
    """Give a course, module, lesson or quiz its identity; forget what was cached."""
    if isinstance(instance, tuple(KINDS)):
        identify(instance)
    empty_page_cache()


@receiver(page_unpublished)
@receiver(published)
@receiver(unpublished)
def forget_cached_pages(**_: Any) -> None:
    """Show what was published or taken back at once."""
    empty_page_cache()
