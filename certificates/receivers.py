"""What this room does when news reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from courses.signals import course_completed

from .issuing import issue_certificate

if TYPE_CHECKING:
    from datetime import datetime

    from courses.models import Completion

    from .issuing import Texts


@receiver(course_completed)
def certify_completion(
    completion: Completion, at: datetime, texts: Texts | None = None, **_: Any
) -> None:
    """Issue the certificate in the transaction that completes the course."""
    issue_certificate(completion, at=at, texts=texts)
