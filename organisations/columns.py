"""The heads of an organisation's tables, what their rows are ordered by, and the bars above them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

if TYPE_CHECKING:
    from django.http import QueryDict

    from .overview import Overview

type Column = dict[str, Any]

# What a table of records may be ordered by; the key makes the order of equal rows a fixed one.
ORDERS = {
    "name": "person_name",
    "unit": "unit_name",
    "course": "course_title",
    "completed": "completed_on",
}
NEWEST_FIRST = "-completed"


def sort_of(query: QueryDict) -> str:
    """Return what `?sort=` asks for; the newest first where it asks for nothing known."""
    wanted = query.get("sort", "")
    return wanted if wanted.removeprefix("-") in ORDERS else NEWEST_FIRST


def order_of(sort: str) -> tuple[str, str]:
    """Return the fields to order records by."""
    field = ORDERS[sort.removeprefix("-")]
    return (f"-{field}", "-pk") if sort.startswith("-") else (field, "pk")


def record_columns(query: QueryDict, *, sort: str) -> list[Column]:
    """Return the heads of the records' table, four of them links that sort it."""
    return [
        _sortable(_("Name"), "name", query, sort),
        {"title": _("Staff number")},
        _sortable(_("Unit"), "unit", query, sort),
        _sortable(_("Course"), "course", query, sort),
        _sortable(_("Completed on"), "completed", query, sort),
        {"title": _("Valid until")},
        {"title": pgettext("of a certificate", "State")},
        {"title": _("Certificate")},
    ]


def _sortable(title: str, key: str, query: QueryDict, sort: str) -> Column:
    """Return a head whose link sorts by it, or the other way round where it is sorted by it."""
    here = sort.removeprefix("-") == key
    address = query.copy()
    address.pop("page", None)
    address["sort"] = f"-{key}" if here and not sort.startswith("-") else key
    direction = "descending" if sort.startswith("-") else "ascending"
    return {
        "title": title,
        "url": f"?{address.urlencode()}",
        "sorted": direction if here else "",
    }


def people_columns() -> list[Column]:
    """Return the heads of the members' table."""
    titles = [_("Name"), _("Staff number"), _("Unit"), _("Completed"), _("Change")]
    return [{"title": title} for title in titles]


def invitation_columns() -> list[Column]:
    """Return the heads of the open invitations' table."""
    titles = [_("E-mail address"), _("Staff number"), _("Unit"), _("Sent on"), _("Open until")]
    return [{"title": title} for title in [*titles, _("Change")]]


def course_columns() -> list[Column]:
    """Return the heads of the overview by course."""
    numbers = [{"title": title, "number": True} for title in (_("Completed"), _("Members"))]
    return [{"title": _("Course")}, *numbers]


def unit_columns(overview: Overview) -> list[Column]:
    """Return the heads of the overview by unit: the members, then each course."""
    titles = [_("Members"), *(line.title for line in overview.courses)]
    return [{"title": _("Unit")}, *({"title": title, "number": True} for title in titles)]


def bars(overview: Overview) -> list[dict[str, Any]]:
    """Return the overview by course as bars, from the numbers that its table shows: rounded, too."""
    return [
        {
            "label": line.title,
            "text": _("%(done)s of %(people)s") % {"done": line.done, "people": line.people},
            "percent": round(100 * line.done / line.people) if line.people else 0,
        }
        for line in overview.courses
    ]
