"""One line and one count a request; who asked, and for which page, is in neither."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings

from tutela.kit.logs import request_id
from tutela.kit.routes import route_of

from .counting import count_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("tutela.requests")

HEADER = "X-Request-ID"
KNOWN = re.compile(r"[A-Za-z0-9-]{8,64}")
FAILED = 500


class WatchMiddleware:
    """Stands before all others, so that what they answer is seen too. It asks the database nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        number = number_of(request)
        before = request_id.set(number)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = number
            tell(request, response.status_code, seconds=time.perf_counter() - began)
        finally:
            request_id.reset(before)
        return response


def number_of(request: HttpRequest) -> str:
    """Return what this request is called: a proxy's word if there is one, else a random number."""
    given = request.headers.get(HEADER, "") if settings.NUMBER_OF_PROXIES else ""
    return given if KNOWN.fullmatch(given) else uuid4().hex


def tell(request: HttpRequest, status: int, *, seconds: float) -> None:
    """Count the request, and write its line."""
    route = route_of(request.path_info)
    method = request.method or ""
    count_request(method, route, status, seconds=seconds)
    level = logging.WARNING if status >= FAILED else logging.INFO
    if logger.isEnabledFor(level):
        told = {
            "method": method[:10],
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        logger.log(level, "request", extra=told)
