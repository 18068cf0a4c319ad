from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tutela.accounts.models import Event, log_event
from tutela.kit import paging
from tutela.kit.paging import BoundedPaginator

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("lines", "count", "pages", "is_cut"),
    [(0, 0, 1, False), (4, 4, 2, False), (6, 6, 3, False), (7, 6, 3, True), (9, 6, 3, True)],
)
def test_no_page_lies_beyond_the_bound(
    monkeypatch: pytest.MonkeyPatch, lines: int, count: int, pages: int, is_cut: bool
) -> None:
    monkeypatch.setattr(paging, "LINES_AT_MOST", 6)
    for number in range(lines):
        log_event("counted", subject=f"line {number}", at=timezone.now())

    paginator = BoundedPaginator(Event.objects.order_by("-at", "-pk"), 2)

    assert (paginator.count, paginator.num_pages, paginator.is_cut) == (count, pages, is_cut)


def test_counting_is_one_query_that_ends(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1) as queries:
        assert BoundedPaginator(Event.objects.order_by("-at"), 2).is_cut is False

    assert "LIMIT 10001" in queries[0]["sql"]
