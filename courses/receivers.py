"""What this room does when news reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from quizzes.signals import attempt_marked
from tutela.kit.middleware import empty_page_cache
from wagtail.signals import page_published, page_unpublished, published, unpublished

from .enrolling import pass_quiz
from .models import CourseLanguage, CourseRelease
from .releasing import KINDS, identify

if TYPE_CHECKING:
    from datetime import datetime

    from quizzes.models import Attempt
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


@receiver(attempt_marked)
def pass_marked_quiz(attempt: Attempt, at: datetime, **_: Any) -> None:
    """Carry a pass on to the enrolment, in the transaction that marked it."""
    if attempt.passed:
        pass_quiz(attempt, at=at)


@receiver(post_save, sender=CourseLanguage)
@receiver(post_save, sender=CourseRelease)
def forget_cached_courses(**_: Any) -> None:
    """Offer what was released at once."""
    transaction.on_commit(empty_page_cache)
