"""Small words that templates of every room use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info

from tutela.kit.middleware import is_anonymous

if TYPE_CHECKING:
    from django.forms import BoundField

register = template.Library()

PREFIXED = re.compile(rf'(<a href=")/(?:{"|".join(dict(settings.LANGUAGES))})/')


@register.filter
def prose(html: str, level: int = 3) -> SafeString:
    """Return an author's prose, cleaned when it was saved, with its page links as addresses.

    Authors write headings of one kind, `h3`. `level` is the one that follows where the prose stands:
    2 right below the page's title, so that no level is skipped. A link to a page of ours leads to it in
    the language that is read, for words that are lent from another language, too.
    """
    from wagtail.rich_text import expand_db_html  # noqa: PLC0415  (needs the app registry)

    expanded: str = expand_db_html(html)
    expanded = PREFIXED.sub(rf"\1/{get_language() or settings.LANGUAGE_CODE}/", expanded)
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
    """Return the address of this same page in another language, with all that was asked of it."""
    request = context["request"]
    asked = request.GET.copy()
    asked.pop("lang", None)
    if follows := asked.get("next"):
        asked["next"] = prefixed(follows, code) or follows
    path = prefixed(request.path, code)
    if not path:
        asked["lang"] = code
    query = f"?{asked.urlencode()}" if asked else ""
    return f"{path or request.path}{query}"


def prefixed(path: str, code: str) -> str:
    """Return an address that says its language with this one instead; '' for one that says none."""
    first, slash, rest = path.removeprefix("/").partition("/")
    return f"/{code}{slash}{rest}" if first in dict(settings.LANGUAGES) else ""


@register.simple_block_tag(takes_context=True)
def remember(context: template.Context, content: SafeString, name: str) -> SafeString:
    """Write a text, and keep it under a name for what follows: a block can stand only once."""
    context[name] = content
    return content


@register.inclusion_tag("kit/parts/head_links.html", takes_context=True)
def head_links(context: dict[str, Any]) -> dict[str, Any]:
    """Return which address search engines should show, and the same page's in other languages.

    A page of the tree knows its languages (`request.page_languages`); any other speaks all of them. Who is
    signed in is no search engine, and is spared the query.
    """
    request = context.get("request")
    if request is None or not is_anonymous(request):
        return {}
    shown, _, rest = request.path.lstrip("/").partition("/")
    languages = [code for code, _ in settings.LANGUAGES]
    if known := getattr(request, "page_languages", None):
        languages, shown = known.languages, known.shown
    addresses = {code: f"{settings.BASE_URL}/{code}/{rest}" for code in {shown, *languages}}
    return {
        "canonical": addresses[shown],
        "alternates": [(code, addresses[code]) for code in languages],
        "default": addresses[languages[0]],
        "locale": shown,
    }


@register.simple_tag(takes_context=True)
def current(context: dict[str, Any], address: str) -> SafeString:
    """Return the attribute that marks a link to this page, or to the part of the site it is in."""
    path: str = context["request"].path if "request" in context else ""
    if path == address:
        return mark_safe(' aria-current="page"')
    inside = path.startswith(address)
    return mark_safe(' aria-current="true"' if inside else "")  # noqa: S308  (two constants)


@register.simple_tag
def columns(*titles: str) -> list[dict[str, str]]:
    """Return the heads of a record table that is not sorted."""
    return [{"title": title} for title in titles]


@register.filter
def dial(number: str) -> str:
    """Return a telephone number as a link to it wants it: digits, and the sign of a foreign one."""
    return "".join(sign for sign in number if sign.isdecimal() or sign == "+")


@register.filter
def host(url: str) -> str:
    """Return the name of the site that an address leads to."""
    return urlsplit(url).netloc.removeprefix("www.")


@register.filter
def control(field: BoundField) -> SafeString:
    """Return a form field's control without a placeholder: a label says it better, and stays."""
    return field.as_widget(attrs={"placeholder": False})
