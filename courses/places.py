"""Tells the quizzes' room where a sitting hangs: its course, address and lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quizzes.api import Place

from .catalogue import course_map
from .lending import foreign
from .models import StepProgress
from .outline import LESSON

if TYPE_CHECKING:
    from quizzes.models import Sitting

    from .catalogue import Entry


def place_of_sitting(sitting: Sitting, language: str) -> Place | None:
    """Return the course's title, the quiz's address, and the course's lessons by code."""
    progress = (
        StepProgress.objects.filter(sitting=sitting)
        .values("step_id", "enrolment__course__code")
        .first()
    )
    if progress is None:
        return None
    course = course_map(code=progress["enrolment__course__code"], language=language)
    if course is None:
        return None
    quiz = course.entries.get(str(progress["step_id"]), course.home)
    lessons = {
        step.code: (_title(course.entry(step), language), course.entry(step).url)
        for step in course.outline.steps
        if step.kind == LESSON
    }
    return Place(title=course.title, url=quiz.url, lessons=lessons)


def _title(entry: Entry, language: str) -> str:
    return entry.title if entry.language == language else foreign(entry.title, entry.language)
