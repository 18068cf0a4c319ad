"""Who is asking, in which language, and with how many factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from tutela.kit.middleware import is_anonymous

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Answer = Callable[[HttpRequest], HttpResponse]


class VisitorMiddleware:
    """Gives a visitor without a session a plain anonymous user, so that no session is touched."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_anonymous(request):
            request.user = AnonymousUser()
        return self.get_response(request)


class LanguageMiddleware(LocaleMiddleware):
    """The language of the address; else `?lang=`, the person's preference, the browser's."""

    def process_request(self, request: HttpRequest) -> None:
        language = (
            translation.get_language_from_path(request.path_info)
            or known_language(request.GET.get("lang", ""))
            or known_language(getattr(request.user, "language", ""))
            or translation.get_language_from_request(request)
        )
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def known_language(code: str) -> str:
    """Return the code if the interface speaks it, else ''."""
    return code if code in dict(settings.LANGUAGES) else ""


class SecondFactorMiddleware:
    """Demands of certain groups a second factor that exists and that this session gave."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
