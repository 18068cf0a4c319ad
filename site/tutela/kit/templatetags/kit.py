"""Small words that templates of every room use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

if TYPE_CHECKING:
    from django.forms import BoundField

register = template.Library()


@register.filter
def prose(html: str, level: int = 3) -> SafeString:
    """Return an author's prose, cleaned when it was saved, with its page links as addresses.

    Authors write headings of one kind, `h3`. `level` is the one that follows where the prose stands:
    2 right below the page's title, so that no level is skipped.
    """
    from wagtail.rich_text import expand_db_html  # noqa: PLC0415  (needs the app registry)

    expanded: str = expand_db_html(html)
    expanded = expanded.replace("<h3", f"<h{level}").replace("</h3>", f"</h{level}>")
    return mark_safe(expanded)  # noqa: S308


@register.filter
def language_name(code: str) -> str:
    """Return a language's name in that language, marked as such."""
    info = get_language_info(code)
    direction = "rtl" if info["bidi"] else "ltr"
    return format_html(
        '<span lang="{}" dir="{}">{}</span>', code, direction, info["name_local"].capitalize()
    )


@register.filter
def direction(code: str) -> str:
    """Return `rtl` or `ltr` for a language."""
    return "rtl" if get_language_info(code)["bidi"] else "ltr"


@register.filter
def isolated(value: object) -> SafeString:
    """Return a name, an address or a code set apart from the direction of the text around it."""
    return format_html("<bdi>{}</bdi>", value)


@register.filter
def duration(value: int) -> str:
    """Return a duration as hours and minutes, in the reader's language."""
    from django.utils.translation import gettext, ngettext  # noqa: PLC0415

    hours, minutes = divmod(int(value), 60)
    if not hours:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if not minutes:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], code: str) -> str:
    """Return the address of this same page in another language."""
    path: str = context["request"].path
    first, _, rest = path.lstrip("/").partition("/")
    if first in dict(settings.LANGUAGES):
        return f"/{code}/{rest}"
    return f"{path}?lang={code}"


@register.simple_tag(takes_context=True)
def current(context: dict[str, Any], address: str) -> SafeString:
    """Return the attribute that marks a link to this page, or to the part of the site it is in."""
    path: str = context["request"].path if "request" in context else ""
    if path == address:
        return mark_safe(' aria-current="page"')
    inside = path.startswith(address)
    return mark_safe(' aria-current="true"' if inside else "")  # noqa: S308  (two constants)


@register.filter
def control(field: BoundField) -> SafeString:
    """Return a form field's control without a placeholder: a label says it better, and stays."""
    return field.as_widget(attrs={"placeholder": False})
