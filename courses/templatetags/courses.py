"""Titles and addresses of steps, and the blocks of a lesson, for the templates of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import get_language

from courses.glossary import words_of
from courses.lending import in_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from courses import glossary
    from courses.catalogue import CourseMap, Entry
    from courses.outline import Part, Step

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


@register.simple_tag(takes_context=True)
def render_block(context: template.Context, block: Any) -> Any:
    """Return a block's HTML, as its own template draws it."""
    return block.render_as_block(context=context.flatten())


@register.simple_tag
def glossary_words(codes: Iterable[str]) -> list[glossary.Entry]:
    """Return these terms of the glossary, in the language that the page is shown in."""
    return words_of(codes, language=get_language() or "")
