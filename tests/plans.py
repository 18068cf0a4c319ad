"""How the database would answer: the indexes that it reads, were the tables big."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from django.db.models import QuerySet


def plan_of(rows: QuerySet[Any]) -> str:
    """Return the plan of a query; PostgreSQL is kept from reading a tiny table as a whole."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ("seqscan", "sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    return rows.explain()
