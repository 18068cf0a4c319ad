"""Titles and addresses of steps, and the blocks of a lesson, for the templates of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext as _

from courses.lending import in_language
from courses.outline import LESSON, Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from courses.catalogue import CourseMap, Entry
    from courses.outline import Step

register = template.Library()


@register.simple_tag
def step_url(course: CourseMap, step: Step) -> str:
    """Return a step's address in the language asked for."""
    return course.entry(step).url


@register.simple_tag
def entry_title(course: CourseMap, part: Step | Part) -> str:
    """Return the title of a step or module, marked where it is in another language than asked."""
    return _title(course.entry(part), course)


@register.simple_tag
def course_title(course: CourseMap) -> str:
    """Return a course's title, marked where it is in another language than asked."""
    return _title(course.home, course)


def _title(entry: Entry, course: CourseMap) -> str:
    if entry.language == course.asked:
        return entry.title
    return in_language("span", entry.language, entry.title)


@register.simple_tag
def neutral_title(course: CourseMap, part: Step | Part) -> str:
    """Return where in the course a page stands: all that a learner's tab and history may tell."""
    if isinstance(part, Part):
        return _("Module %(number)s of %(total)s") % _numbered(part, course.outline.modules)
    steps = [step for step in course.outline.steps if step.kind == part.kind]
    pattern = (
        _("Lesson %(number)s of %(total)s")
        if part.kind == LESSON
        else _("Quiz %(number)s of %(total)s")
    )
    return pattern % _numbered(part, steps)


def _numbered(part: Step | Part, among: Sequence[Step | Part]) -> dict[str, int]:
    return {"number": among.index(part) + 1, "total": len(among)}


@register.simple_tag(takes_context=True)
def render_block(context: template.Context, block: Any) -> Any:
    """Return a block's HTML, as its own template draws it."""
    return block.render_as_block(context=context.flatten())
