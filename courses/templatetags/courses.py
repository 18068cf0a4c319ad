"""Titles and addresses of steps, and the blocks of a lesson, for the templates of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.glossary import words_of
from courses.lending import in_language
from courses.models import CoursePage
from courses.outline import LESSON, Part
from tutela.kit.templatetags.kit import duration, language_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from courses import glossary
    from courses.catalogue import CourseMap, Entry
    from courses.lending import Lent
    from courses.outline import Step
    from courses.progress import Standing

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


@register.simple_tag
def tasks_of(
    course: CourseMap, part: Part, mine: Standing, *, enrolled: object
) -> list[dict[str, object]]:
    """Return a module's steps as items of a task list; with statuses for who is enrolled."""
    items = []
    for step in part.steps:
        item: dict[str, object] = {
            "url": course.entry(step).url,
            "title": entry_title(course, step),
            "note": duration(step.minutes),
        }
        if enrolled:
            done = step.key in mine.done
            item |= {
                "id": f"status-{step.key}",
                "kind": "done" if done else "",
                "status": _("done") if done else _("to do"),
            }
        items.append(item)
    return items


@register.simple_tag
def contents_of(course: CourseMap, here: Step | None, mine: Standing) -> list[dict[str, object]]:
    """Return the whole course as the contents beside a lesson."""
    return [
        {
            "title": entry_title(course, part),
            "steps": [
                {
                    "url": course.entry(step).url,
                    "title": entry_title(course, step),
                    "current": here is not None and step.key == here.key,
                    "done": step.key in mine.done,
                }
                for step in part.steps
            ],
        }
        for part in course.outline.modules
    ]


@register.simple_tag
def around(course: CourseMap | None, here: Step | None) -> dict[str, dict[str, str]]:
    """Return the steps before and after this one, where there are such."""
    if course is None or here is None:
        return {}
    steps = course.outline.steps
    place = next(number for number, step in enumerate(steps) if step.key == here.key)
    near = {"previous": steps[max(place - 1, 0) : place], "next": steps[place + 1 : place + 2]}
    return {
        name: {"url": course.entry(step).url, "title": entry_title(course, step)}
        for name, found in near.items()
        for step in found
    }


@register.simple_tag
def trail_of(course: CourseMap, lent: Lent) -> list[tuple[str, str]]:
    """Return the way from all courses down to a page of a course, as breadcrumbs."""
    above = [(_("Courses"), f"/{lent.asked}/courses/")]
    if not isinstance(lent.source, CoursePage):
        above.append((course_title(course), course.url))
    return [*above, (lent.words["title"], "")]


@register.simple_tag
def card_facts(course: CourseMap) -> list[tuple[str, str]]:
    """Return what a card says of a course in figures."""
    return [
        (_("Learning time"), duration(course.outline.minutes)),
        (_("Languages"), _languages(course)),
    ]


@register.simple_tag
def facts_of(course: CourseMap, page: CoursePage) -> list[tuple[str, str]]:
    """Return the facts beside a course."""
    unreviewed = _("not yet reviewed by a professional")
    return [
        (_("For"), page.get_sector_display()),
        *card_facts(course),
        (_("Written by"), page.authors),
        (_("Reviewed by"), course.reviewer if course.reviewed else unreviewed),
        (_("Release"), str(course.number)),
    ]


def _languages(course: CourseMap) -> str:
    return format_html_join(", ", "{}", ((language_name(code),) for code in course.languages))


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


@register.simple_tag
def glossary_words(codes: Iterable[str]) -> list[glossary.Entry]:
    """Return these terms of the glossary, in the language that the page is shown in."""
    return words_of(codes, language=get_language() or "")
