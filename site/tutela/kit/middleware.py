"""Headers for every answer, and the page cache of anonymous visitors."""

from __future__ import annotations

import logging
from hashlib import blake2b
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.core.exceptions import SuspiciousOperation
from django.db import DataError
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.datastructures import MultiValueDictKeyError

from .failures import is_database_failure, is_store_failure
from .views import bad_request, unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Answer = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger("tutela.kit")

UNREADABLE = (MultiValueDictKeyError, OverflowError, DataError)
# How long a page is kept, here and once more in a cache between us and its reader.
KEPT_SECONDS = 300
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class PolicyMiddleware(ContentSecurityPolicyMiddleware):
    """Content-Security-Policy: one for the site, one for the CMS, neither with a nonce."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path.startswith("/cms/"):
            # Django's own hook, which its decorator sets too.
            response._csp_config = settings.CMS_CSP  # type: ignore[attr-defined]
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
            # A preview comes with the site's own policy, which lets no page frame it.
            response.headers.pop("Content-Security-Policy", None)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        answer: HttpResponse = super().process_response(request, response)
        return answer


class AddressMiddleware:
    """Refuses an address that none of our pages has: endless, or with a NUL byte in it.

    Databases refuse both too, each in its own way, and too late.
    """

    LONGEST = 8_000

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        too_long = len(request.path_info) + len(query) > self.LONGEST
        if too_long or "\0" in request.path_info or "%00" in query:
            return bad_request(request, SuspiciousOperation())
        return self.get_response(request)


def is_anonymous(request: HttpRequest) -> bool:
    """Return whether the visitor brought no session: then none is read or made for her."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES


def may_share(request: HttpRequest) -> bool:
    """Return whether the answer may be the same for everybody: a plain reading, by nobody known.

    A message that waits in a cookie ("You have signed out") is for this visitor alone.
    """
    return (
        request.method in {"GET", "HEAD"}
        and not request.GET
        and is_anonymous(request)
        and CookieStorage.cookie_name not in request.COOKIES
    )


def empty_page_cache() -> None:
    """Forget every cached page: what was published must be seen at once."""
    caches["pages"].clear()


class PageCacheMiddleware:
    """Answers anonymous visitors from the cache; whoever has a session passes it by.

    A view offers its answer to the cache with `cacheable(response)`. Such an answer holds no token
    and no nonce, and reads no session.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not may_share(request):
            return self._private(self.get_response(request))
        # Not the address itself, which may hold what no cache takes for a key.
        key = hash_of(f"{request.get_host()}{request.path}".encode(errors="surrogatepass"))
        cached: HttpResponse | None = caches["pages"].get(key)
        if cached is None:
            response = self.get_response(request)
            seconds: int = getattr(response, "cacheable", 0)
            if not seconds or response.cookies:
                return self._private(response)
            cached = self._shared(response, seconds)
            caches["pages"].set(key, cached, seconds)
        answer = get_conditional_response(request, etag=cached.headers["ETag"], response=cached)
        return cached if answer is None else answer

    @staticmethod
    def _shared(response: HttpResponse, seconds: int) -> HttpResponse:
        lifetime = f"max-age=0, s-maxage={seconds}, must-revalidate"
        response.headers["Cache-Control"] = f"public, {lifetime}"
        response.headers["ETag"] = f'"{hash_of(response.content)}"'
        return response

    @staticmethod
    def _private(response: HttpResponse) -> HttpResponse:
        if "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_store=True)
        return response


def hash_of(content: bytes) -> str:
    """Return a short fingerprint of an answer."""
    return blake2b(content, digest_size=12).hexdigest()


def cacheable(response: HttpResponse, *, seconds: int = KEPT_SECONDS) -> HttpResponse:
    """Mark an answer as the same for every anonymous visitor of this address, for so long at most."""
    response.cacheable = min(seconds, KEPT_SECONDS)  # type: ignore[attr-defined]
    return response


class HonestFailureMiddleware:
    """Turns a database or store that cannot keep into an honest 503 that keeps what was posted.

    A form without one of its fields, on which Wagtail's editor fails, or with a number that no
    column holds was not read: that is a 400.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view whose transaction the database refused, or whose form had gaps."""
        if isinstance(exception, UNREADABLE):
            logger.warning("A form was not read: %s", type(exception).__name__)
            return bad_request(request, exception)
        if not (is_database_failure(exception) or is_store_failure(exception)):
            return None
        what = "store" if is_store_failure(exception) else "database"
        logger.error("The %s failed: %s", what, type(exception).__name__)
        return unavailable(request)
