"""What this room does when news reaches it."""

from __future__ import annotations

import logging
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import published

from .freezing import NotPublishedError, freeze_question
from .models import Question

logger = logging.getLogger("tutela.quizzes")


@receiver(published, sender=Question, dispatch_uid="freeze_published_question")
def freeze_published_question(instance: Question, **kwargs: Any) -> None:
    """Freeze a question when it, or a translation of it, goes live.

    It never fails the publish, which runs outside any transaction: the draw freezes what is missing.
    """
    try:
        freeze_question(instance, at=timezone.now())
    except NotPublishedError:
        logger.info("Question %s: its source is not published yet.", instance.code)
    except Exception:
        logger.exception("Question %s was published but not frozen.", instance.code)
