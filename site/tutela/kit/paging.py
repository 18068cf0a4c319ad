"""Pages of a list that may have a million lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from django.db.models import QuerySet

LINES_AT_MOST = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # it takes none when it runs
    """Counts no further than some lines and offers no page beyond, so that none costs more."""

    object_list: QuerySet[Any]

    @cached_property
    def _found(self) -> int:
        return int(self.object_list.order_by().values("pk")[: LINES_AT_MOST + 1].count())

    @property
    def is_cut(self) -> bool:
        """Whether there are more lines than the pages offer."""
        return self._found > LINES_AT_MOST

    @cached_property
    def count(self) -> int:
        """The lines that the pages offer."""
        return min(self._found, LINES_AT_MOST)
