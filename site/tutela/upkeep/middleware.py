"""Answers for the whole site while its operator has closed it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from tutela.kit.views import unavailable

from .maintenance import closing

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from .maintenance import Closing

    Answer = Callable[[HttpRequest], HttpResponse]


class MaintenanceMiddleware:
    """Answers 503 in the visitor's language, and keeps what she posted, without any database.

    It stands before the page cache, the session and the person, so none of them is asked.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = closing()
        if request.path_info == "/healthz" or found is None:
            return self.get_response(request)
        if request.path_info == "/readyz":
            answer = HttpResponse("maintenance\n", content_type="text/plain", status=503)
        else:
            # The instance's own time zone: the last request of this thread may have left a person's.
            with translation.override(language_of(request)), timezone.override(None):
                # The kept form carries a token, whose cookie Django's own middleware sets.
                page: Answer = CsrfViewMiddleware(partial(explain, found=found))  # type: ignore[assignment]  # never awaited
                answer = page(request)
        add_never_cache_headers(answer)
        return answer


def explain(request: HttpRequest, *, found: Closing) -> HttpResponse:
    """Return the page that says until when the site is closed."""
    at = timezone.now()
    until = found.until if found.until and found.until > at else None
    return unavailable(request, seconds=found.seconds(at=at), closed=True, until=until)


def language_of(request: HttpRequest) -> str:
    """Return the language of the address, else of `?lang=`, else of the cookie or the browser."""
    asked = request.GET.get("lang", "")
    return (
        translation.get_language_from_path(request.path_info)
        or (asked if asked in dict(settings.LANGUAGES) else "")
        or translation.get_language_from_request(request)
    )
