"""Titles and addresses of steps, and the blocks of a lesson, for the templates of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

if TYPE_CHECKING:
    from courses.catalogue import CourseMap
    from courses.lending import LentBlock
    from courses.outline import Part, Step

register = template.Library()


@register.simple_tag
def step_url(course: CourseMap, step: Step) -> str:
    """Return a step's address in the language asked for."""
    return course.entry(step).url


@register.simple_tag
def entry_title(course: CourseMap, part: Step | Part) -> str:
    """Return the title of a step or module in the words that are shown."""
    return course.entry(part).title


@register.simple_tag(takes_context=True)
def render_block(context: template.Context, block: LentBlock) -> Any:
    """Return a block's HTML, as its own template draws it."""
    return block.value.render_as_block(context=context.flatten())
