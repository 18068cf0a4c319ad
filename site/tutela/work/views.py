"""Two answers for whoever watches over the machine."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .schema import Standing, standing


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database is reached and fits the code: 200, or 503 with the reason."""
    try:
        found = standing()
    except DatabaseError:
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    status = 200 if found is Standing.FITS else 503
    return HttpResponse(f"{found.value}\n", content_type="text/plain", status=status)
