"""What was posted after the session had ended, kept on the device alone until she is back.

A cookie of this one address holds it for an hour: neither the server nor an address, and so no log,
learns of it. It is read as carefully as anything that a browser sends. No form with a secret is kept.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import QueryDict

from .failures import kept_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

COOKIE = "kept"
SECONDS = 3600
# A name of 120 letters in any script fits; with more, a proxy may refuse the headers of the answer.
LONGEST = 2_000


def keeping_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask a visitor who sends a short form to sign in, and bring her back with what she sent.

    The view shows it again with `kept_post`. Once the form was sent anew, it is forgotten.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        response = view(request, *args, **kwargs)
        if request.method == "POST" and COOKIE in request.COOKIES:
            response.delete_cookie(COOKIE, path=request.path, samesite="Lax")
        return response

    return answer


def kept_post(request: HttpRequest) -> QueryDict:
    """Return what was kept of a form that was sent to this address; nothing, as a rule.

    The page then says that it is shown again, and not saved yet.
    """
    value = request.COOKIES.get(COOKIE, "") if request.method != "POST" else ""
    kept = QueryDict(value if len(value) <= LONGEST else "")
    request.kept = bool(kept)  # type: ignore[attr-defined]  # the base template asks
    return kept


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    response = redirect_to_login(request.get_full_path())
    value = urlencode(kept_fields(request) or [])
    if value and len(value) <= LONGEST:
        response.set_cookie(
            COOKIE,
            value,
            max_age=SECONDS,
            path=request.path,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
