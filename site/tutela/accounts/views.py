"""The person's own pages; and the administrators' pages of second factors in the CMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Never, cast
from urllib.parse import urlencode

from allauth.account import views as allauth_views
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tutela.kit.failures import kept_fields
from tutela.kit.keeping import keeping_post, kept_post

from . import privacy
from .factor_resets import (
    FactorResetError,
    NoFactorError,
    OwnFactorError,
    ResetWaitsError,
    ask_reset,
    reset_of_token,
    stop_reset,
)
from .forms import CloseForm, FactorResetForm, PreferencesForm, ReasonForm
from .models import FactorReset, User
from .reasons import demand_reason
from .second_factor import pop_next

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# ASVS 14.3.1: a shared computer keeps nothing of whoever left.
LEAVE_NOTHING = '"cache", "cookies", "storage"'


def person_of(request: HttpRequest) -> User:
    """Return who is asking; the views that call this ask for a sign-in first."""
    return cast("User", request.user)


@require_GET
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show all that a person can do with her account."""
    return render(request, "accounts/overview.html")


@require_GET
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Send a person on who has just signed in: to what she came for, else to her learning."""
    wanted = pop_next(request)
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return redirect(wanted)
    return redirect(f"/{get_language()}/learning/")


@keeping_post
@require_http_methods(["GET", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Change name, language and time zone."""
    kept = kept_post(request).dict()
    form = PreferencesForm(request.POST or None, instance=person_of(request), initial=kept)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/preferences.html", {"form": form}, status=status)
    form.save()
    messages.success(request, _("Your preferences are saved."))
    return HttpResponseRedirect(request.path, status=303)


@require_GET
@login_required
def data(request: HttpRequest) -> HttpResponse:
    """Show what we hold about the person who asks."""
    facts = [
        (part.label, counted(len(part.rows))) for part in privacy.what_we_hold(person_of(request))
    ]
    return render(request, "accounts/data.html", {"facts": facts})


def counted(entries: int) -> str:
    """Return a number of entries in words."""
    words = ngettext("%(entries)s entry", "%(entries)s entries", entries)
    return words % {"entries": localize(entries)}


@require_GET
@login_required
@reauthentication_required
def data_file(request: HttpRequest) -> HttpResponse:
    """Hand out what we hold about the person who asks, as one file."""
    rows = {held.name: held.rows for held in privacy.what_we_hold(person_of(request))}
    response = JsonResponse(rows, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="tutela-my-data.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required
def close(request: HttpRequest) -> HttpResponse:
    """Close the account for good, after its address was typed."""
    form = CloseForm(request.POST or None, person=person_of(request))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/close.html", {"form": form}, status=status)
    privacy.erase_person(person_of(request), at=timezone.now())
    logout(request)
    return leave_nothing(HttpResponseRedirect("/accounts/closed/", status=303))


@require_GET
def closed(request: HttpRequest) -> HttpResponse:
    """Say that an account is closed; it needs no session any more."""
    return render(request, "accounts/closed.html")


@require_http_methods(["GET", "POST"])
def stop_factor_reset(request: HttpRequest, token: str) -> HttpResponse:
    """Let the reader of our letter stop the removal of her second factor."""
    reset = reset_of_token(token)
    if reset is None:
        raise Http404
    if request.method == "POST":
        stop_reset(reset, by=None, at=timezone.now())
        return HttpResponseRedirect(request.path, status=303)
    return render(request, "accounts/stop_factor_reset.html", {"reset": reset})


def log_out(request: HttpRequest) -> HttpResponse:
    """Sign out by POST, as allauth does, and have the browser forget everything."""
    response: HttpResponse = allauth_views.logout(request)
    return leave_nothing(response) if request.method == "POST" else response


def leave_nothing(response: HttpResponse) -> HttpResponse:
    """Ask the browser to forget what it stored for this site."""
    response.headers["Clear-Site-Data"] = LEAVE_NOTHING
    return response


def cms_sign_in(request: HttpRequest) -> HttpResponse:
    """Send from the CMS to the one sign-in, and back afterwards."""
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        wanted = reverse("wagtailadmin_home")
    query = urlencode({"next": wanted})
    return HttpResponseRedirect(f"{reverse('account_login')}?{query}", status=303)


def nowhere(request: HttpRequest) -> Never:
    """Answer that there is nothing."""
    raise Http404


@require_http_methods(["GET", "POST"])
def factor_resets(request: HttpRequest) -> HttpResponse:
    """List the resets of second factors, and ask for one."""
    administrator = administrator_of(request)
    form = FactorResetForm(request.POST or None)
    if form.is_valid() and ask(form, administrator):
        messages.success(request, _("The reset waits for a day. The person was told by mail."))
        return HttpResponseRedirect(request.path, status=303)
    resets = FactorReset.objects.select_related("person", "asked_by").order_by("-asked_at")[:50]
    context = {"form": form, "resets": resets}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/cms/factor_resets.html", context, status=status)


@require_POST
def stop_from_cms(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a reset that waits."""
    administrator = administrator_of(request)
    demand_reason()
    stop_reset(get_object_or_404(FactorReset, pk=pk), by=administrator, at=timezone.now())
    return HttpResponseRedirect(reverse("accounts_factor_resets"), status=303)


def administrator_of(request: HttpRequest) -> User:
    """Return who is asking, if she may reset second factors."""
    if not request.user.has_perm("accounts.add_factorreset"):
        raise PermissionDenied
    return cast("User", request.user)


def ask(form: FactorResetForm, administrator: User) -> FactorReset | None:
    """Ask for the reset that the form names; what is wrong with it goes into the form."""
    email, reason = form.cleaned_data["email"].lower(), form.cleaned_data["reason"]
    person = User.objects.filter(email=email, is_active=True).first()
    try:
        if person is None:
            raise NoFactorError
        return ask_reset(person, by=administrator, reason=reason, at=timezone.now())
    except FactorResetError as error:
        form.add_error("email", explain(error))
        return None


def explain(error: FactorResetError) -> str:
    """Return in words why a second factor cannot be reset."""
    return {
        NoFactorError: _("No person with a second factor has this address as the main one."),
        OwnFactorError: _("Another administrator must reset your own second factor."),
        ResetWaitsError: _("A reset is waiting for this person already."),
    }[type(error)]


def ask_reason(request: HttpRequest) -> HttpResponse:
    """Ask why something should happen; nothing has, and what was sent is kept in the page."""
    kept = [field for field in kept_fields(request) or [] if field[0] != "reason"]
    context = {"form": ReasonForm(), "kept": kept}
    return render(request, "accounts/cms/reason.html", context, status=422)
