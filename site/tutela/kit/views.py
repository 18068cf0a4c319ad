"""Error pages that any view may need; they ask the database nothing."""

from __future__ import annotations

import sys
from posixpath import normpath
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe
from django.views.static import serve

from .context import site
from .failures import is_database_failure, is_store_failure, kept_fields
from .mails import html_of
from .samples import SAMPLE_MAIL, samples

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

SECONDS_TO_WAIT = 30
SAMPLE_PAGES = ("400", "403", "403_csrf", "404", "410", "429", "500", "503", "mail")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old, and that nothing was changed."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request could not be read."""
    return HttpResponse(render_to_string("400.html", plain_context(request)), status=400)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Say that there were too many tries in a short time."""
    return render(request, "429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nobody expected; where database or store failed, say so honestly."""
    if is_database_failure(sys.exception()) or is_store_failure(sys.exception()):
        return unavailable(request)
    return HttpResponse(render_to_string("500.html", plain_context(request)), status=500)


def unavailable(
    request: HttpRequest,
    *,
    seconds: int = SECONDS_TO_WAIT,
    closed: bool = False,
    until: datetime | None = None,
) -> HttpResponse:
    """Answer 503, with a form that sends again what was posted; say if the site is closed."""
    context = plain_context(request) | {"closed": closed, "until": until}
    kept = kept_fields(request)
    if kept is not None:
        context |= {"kept": kept, "csrf_token": get_token(request)}
    page = render_to_string("503.html" if kept is None else "503_kept.html", context)
    return HttpResponse(page, status=503, headers={"Retry-After": str(seconds)})


def plain_context(request: HttpRequest) -> dict[str, object]:
    """Return what the base template needs, read from settings only."""
    return {"request": request, **site(request)}


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """Show every component with its samples, in either direction (demonstration only)."""
    asked = request.GET.get("dir")
    context = {
        "components": [
            (name, [render_to_string(f"kit/components/{name}.html", one, request) for one in shown])
            for name, shown in samples().items()
        ],
        "pages": SAMPLE_PAGES,
        "direction": asked if asked in {"ltr", "rtl"} else "",
    }
    return render(request, "kit/patterns.html", context)


@require_safe
def pattern(request: HttpRequest, name: str) -> HttpResponse:
    """Show an error page or a mail as it is (demonstration only)."""
    if name not in SAMPLE_PAGES:
        raise Http404
    if name == "mail":
        return sample_mail(request)
    return render(request, f"{name}.html")


@csp_override({"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE]})
def sample_mail(request: HttpRequest) -> HttpResponse:
    """Show a mail with its own styles, which a mail program would apply, too."""
    return HttpResponse(html_of(SAMPLE_MAIL, subject="Your code"))


@require_safe
def image(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve an uploaded picture where no proxy does; documents go through Wagtail's own view."""
    if isinstance(default_storage, FileSystemStorage):
        answer = serve(request, path, document_root=str(settings.MEDIA_ROOT / "images"))
    else:
        answer = _image_from_store(f"images/{path}")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def _image_from_store(name: str) -> FileResponse:
    """Return a picture out of the bucket that holds the documents, too."""
    if normpath(name) != name:
        raise SuspiciousOperation
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file)
