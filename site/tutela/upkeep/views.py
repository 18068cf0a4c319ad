"""The numbers, for a program that collects them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tutela.work import counting, watching

if TYPE_CHECKING:
    from django.http import HttpRequest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Tell counts and readings to who has the token; for everybody else there is nothing."""
    if not holds_token(request):
        raise Http404
    with translation.override(None):  # only the numbers are wanted
        read = watching.read_all(at=timezone.now())
    readings = list(chain.from_iterable(found for _watched, found in read))
    return HttpResponse(counting.exposition(readings), content_type=CONTENT_TYPE)


def holds_token(request: HttpRequest) -> bool:
    """Return whether the request brings the token of this instance, which must have one."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    token = settings.METRICS_TOKEN
    return bool(token) and scheme.lower() == "bearer" and constant_time_compare(given, token)
