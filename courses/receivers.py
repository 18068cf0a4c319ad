"""What this room does when news reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    published,
    unpublished,
)

from quizzes.signals import attempt_marked
from tutela.kit.middleware import empty_page_cache
from tutela.kit.pictures import make_renditions

from .enrolling import pass_quiz
from .models import CourseLanguage, CourseRelease, LessonPage, Term, TermLanguage
from .releasing import Identified, identify, retire

if TYPE_CHECKING:
    from datetime import datetime

    from quizzes.models import Attempt


@receiver(page_published)
def identify_published_page(instance: Page, **_: Any) -> None:
    """Give a course, module, lesson or quiz its identity."""
    if isinstance(instance, Identified):
        identify(instance)


@receiver(page_published)
def make_pictures_of_published_lesson(instance: Page, **_: Any) -> None:
    """Make what a lesson's pictures are shown from, so that no visit has to."""
    if isinstance(instance, LessonPage):
        for block in instance.body.blocks_by_name("figure"):
            if image := block.value["image"]:
                make_renditions(image)


@receiver(post_delete)
def retire_deleted_source(sender: type[Page], instance: Page, **_: Any) -> None:
    """Note that a source is gone; what was learned from it stays."""
    if issubclass(sender, Identified):
        retire(instance, at=timezone.now())


@receiver(page_published)
@receiver(page_unpublished)
@receiver(published)
@receiver(unpublished)
@receiver(post_page_move)
@receiver(page_slug_changed)
def forget_cached_pages(**_: Any) -> None:
    """Show what was published, moved or taken back at once; nobody caches what may roll back."""
    transaction.on_commit(empty_page_cache)


@receiver(attempt_marked)
def pass_marked_quiz(attempt: Attempt, at: datetime, **_: Any) -> None:
    """Carry a pass on to the enrolment, in the transaction that marked it."""
    if attempt.passed:
        pass_quiz(attempt, at=at)


@receiver(post_save, sender=CourseLanguage)
@receiver(post_save, sender=CourseRelease)
@receiver([post_save, post_delete], sender=PageViewRestriction)
@receiver([post_save, post_delete], sender=TermLanguage)
@receiver(post_delete, sender=Term)
@receiver(post_delete, sender=Page)
@receiver(post_delete, sender=get_image_model())
def forget_cached_pages_too(**_: Any) -> None:
    """Show at once what was released, restricted or deleted."""
    transaction.on_commit(empty_page_cache)
