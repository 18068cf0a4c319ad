"""Who is asking, in which language, and with how many factors."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponseForbidden, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tutela.kit.failures import UNREADABLE
from tutela.kit.middleware import is_anonymous

from .reasons import UnexplainedActError, acting
from .second_factor import keep_next, missing_factor
from .staying import renew_when_due
from .views import ask_reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase
    from django.template.response import TemplateResponse

    Answer = Callable[[HttpRequest], HttpResponse]


class VisitorMiddleware:
    """Gives a visitor without a session a plain anonymous user, so that no session is touched."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_anonymous(request):
            request.user = AnonymousUser()
        return self.get_response(request)


class StayingMiddleware:
    """Lets no session end while its person is at work: it was renewed a day ago at most."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_anonymous(request):
            renew_when_due(request.session, at=timezone.now())
        return self.get_response(request)


class LanguageMiddleware(LocaleMiddleware):
    """The language of the address; else `?lang=`, the person's preference, the browser's.

    Who comes from a French page to sign up goes on in French, whatever her browser prefers: the
    address that she came from tells, and a cookie carries it through the pages without a prefix.
    """

    def process_request(self, request: HttpRequest) -> None:
        language = (
            translation.get_language_from_path(request.path_info)
            or language_asked(request)
            or known_language(getattr(request.user, "language", ""))
            or translation.get_language_from_request(request)  # the cookie, then the browser
        )
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
        zone = getattr(request.user, "time_zone", "")
        timezone.activate(ZoneInfo(zone)) if zone else timezone.deactivate()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Send an address that nobody knows to the same in a language; a view's 404 stays one."""
        if (asked := language_asked(request)) and not is_prefixed(request):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                asked,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        if response.status_code == HTTPStatus.NOT_FOUND and request.resolver_match:
            response.headers.setdefault("Content-Language", translation.get_language() or "")
            return response
        return super().process_response(request, response)


def language_asked(request: HttpRequest) -> str:
    """Return the language of `?lang=`, or of the page that `?next=` leads back to, or ''."""
    first = request.GET.get("next", "").lstrip("/").partition("/")[0]
    return known_language(request.GET.get("lang", "")) or known_language(first)


def is_prefixed(request: HttpRequest) -> bool:
    """Return whether the address itself says its language."""
    return bool(translation.get_language_from_path(request.path_info))


def known_language(code: str) -> str:
    """Return the code if the interface speaks it, else ''."""
    return code if code in dict(settings.LANGUAGES) else ""


class RefusedFormMiddleware:
    """Answers 422 where allauth refused what was typed; allauth itself says 200."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        """Look at the form that the page is about to show."""
        form = (response.context_data or {}).get("form")
        is_ours = request.path_info.startswith("/accounts/")
        if is_ours and request.method == "POST" and getattr(form, "errors", None):
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response


class SecondFactorMiddleware:
    """Demands of certain roles a second factor that exists and that this session gave.

    It holds on every page, not only where such a role acts, so that no address is forgotten. What
    it must know was loaded with the person (`backends.PersonBackend`): it asks the database nothing.
    """

    # What is needed to set a factor up, or to give it, or to leave.
    OPEN = {
        "set up": (
            "/accounts/2fa/",
            "/accounts/reauthenticate/",
            "/accounts/email/",
            "/accounts/confirm-email/",
            "/accounts/logout/",
        ),
        "give": (
            "/accounts/2fa/reauthenticate/",
            "/accounts/2fa/webauthn/reauthenticate/",
            "/accounts/logout/",
        ),
    }

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_SECOND_FACTOR and request.user.is_authenticated:
            missing = missing_factor(request, request.user)
            if missing and not request.path_info.startswith(self.OPEN[missing]):
                return self._send_away(request, missing)
        return self.get_response(request)

    def _send_away(self, request: HttpRequest, missing: str) -> HttpResponse:
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return HttpResponseForbidden()
        came_for = request.get_full_path() if request.method == "GET" else "/"
        keep_next(request, came_for)
        if missing == "set up":
            url = reverse("mfa_index")
            messages.warning(
                request, _("Your role needs a second step when you sign in. Set it up here first.")
            )
        else:
            url = next(
                method["url"]
                for method in get_adapter().get_reauthentication_methods(request.user)
                if method["id"].startswith("mfa_reauthenticate")
            )
        # 303, so that a form's browser comes back with a plain reading.
        return HttpResponseRedirect(f"{url}?{urlencode({'next': came_for})}", status=303)


class ReasonMiddleware:
    """Makes a change in the CMS an act: who does it and why goes with every event (`reasons`)."""

    # One's own language, picture and notifications.
    OWN = "/cms/account/"

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        changes = request.method == "POST" and path.startswith("/cms/")
        if not changes or path.startswith(self.OWN) or not request.user.is_authenticated:
            return self.get_response(request)
        with acting(request.user, reason=reason_of(request)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Ask why, where the form did not, and send it again with the answer."""
        return ask_reason(request) if isinstance(exception, UnexplainedActError) else None


def reason_of(request: HttpRequest) -> str:
    """Return why, as the form says; a form that cannot be read is the view's to refuse."""
    try:
        return request.POST.get("reason", "")
    except UNREADABLE:
        return ""
