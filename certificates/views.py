"""Checking a certificate, and a holder's own certificates."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from tutela.kit.keeping import keeping_post, kept_post
from tutela.kit.views import too_many_requests

from .api import (
    CannotPrintError,
    Finding,
    LanguageMissingError,
    State,
    draw_certificate,
    find_certificate,
    finding_of,
    grouped,
    holders_address,
    is_holders_token,
    knows_the_name,
    name_person,
    normalise,
    said,
    verification_address,
)
from .forms import CodeForm, NameForm, SurnameForm
from .limits import may_look_up, may_try_surname
from .models import Certificate

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from tutela.accounts.models import User

    View = Callable[..., HttpResponse]

# What a revoked or withdrawn certificate no longer is: something to hand in.
DOWNLOADABLE = {State.VALID, State.EXPIRED, State.SUPERSEDED}


def unindexed(view: View) -> View:
    """Keep the answers of a view out of search engines, whatever their kind."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return answer


def see_other(address: str) -> HttpResponse:
    """Answer a form that changed something or was read: look there."""
    return HttpResponseRedirect(address, status=303)


@unindexed
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a code; with a surname, answer at once, as a surname stands in no address."""
    given = request.POST if request.method == "POST" else request.GET
    form = CodeForm(given if "code" in given else None)
    if not form.is_bound:
        return render(request, "certificates/verify.html", {"form": form})
    if not form.is_valid():
        return render(request, "certificates/verify.html", {"form": form}, status=422)
    code, surname = form.cleaned_data["code"], form.cleaned_data["surname"]
    if request.method == "POST" and surname:
        return _answer(request, code, form=SurnameForm({"surname": surname}))
    language = request.GET.get("lang", "")
    address = reverse("verify:code", args=[code], query={"lang": language} if language else None)
    return see_other(address)


@unindexed
@require_http_methods(["GET", "HEAD", "POST"])
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Say what a code certifies, and whether that is valid."""
    form = SurnameForm(request.POST) if request.method == "POST" else SurnameForm()
    return _answer(request, normalise(code), form=form)


def _answer(request: HttpRequest, code: str, *, form: SurnameForm) -> HttpResponse:
    now = timezone.now()
    allowed = may_look_up(request, at=now)
    if form.is_bound:
        allowed = may_try_surname(request, code=code, at=now) and allowed
    if not allowed:
        return too_many_requests(request)
    finding = find_certificate(code, on=timezone.localdate(now))
    # Compared for an unknown code too, so that the answer takes no longer for a known one.
    holder = finding.certificate.holder if finding else ""
    surname = form.cleaned_data["surname"] if form.is_bound and form.is_valid() else ""
    named = knows_the_name(surname, holder=holder)
    shown = is_holders_token(request.GET.get("holder", ""), code=code) or named
    context = {
        "code": grouped(code),
        "form": form,
        "named": named,
        "tried": bool(surname),
        "holder": holder if shown else "",
        **(said(finding, preferred=request.LANGUAGE_CODE) if finding else {}),
    }
    status = 404 if finding is None else 422 if form.errors else 200
    return render(request, "certificates/answer.html", context, status=status)


@require_GET
@login_required
def show_list(request: HttpRequest) -> HttpResponse:
    """Show a person's own certificates, the newest first."""
    own = Certificate.objects.of(request.user).told().order_by("-issued_at", "-pk")
    today = timezone.localdate()
    rows = [
        said(finding_of(certificate, on=today), preferred=request.LANGUAGE_CODE)
        for certificate in own
    ]
    return render(request, "certificates/list.html", {"rows": rows})


@require_GET
@login_required
def show_mine(request: HttpRequest, code: str) -> HttpResponse:
    """Show one of a person's own certificates, and how to pass it on."""
    finding = _own_or_404(request, code)
    context = {
        **said(finding, preferred=request.LANGUAGE_CODE),
        "holder": finding.certificate.holder,
        "downloadable": finding.state in DOWNLOADABLE,
        "address": verification_address(finding.certificate),
        "own_address": holders_address(finding.certificate),
    }
    return render(request, "certificates/mine.html", context)


@require_safe
@login_required
def download_pdf(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Give a person's own certificate as a PDF, in one of its languages."""
    finding = _own_or_404(request, code)
    if finding.state not in DOWNLOADABLE:
        raise Http404
    certificate = finding.certificate
    try:
        pdf = draw_certificate(certificate, language=language)
    except LanguageMissingError as error:
        raise Http404 from error
    except CannotPrintError:
        context = said(finding, preferred=request.LANGUAGE_CODE)
        return render(request, "certificates/cannot_print.html", context, status=422)
    name = f'attachment; filename="certificate-{certificate.code}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


@keeping_post
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_name(request: HttpRequest) -> HttpResponse:
    """Ask which name to print on certificates, and go on where the person came from."""
    person = cast("User", request.user)
    following = _inside(request, request.GET.get("next") or "")
    known = person.certificate_name or person.get_full_name()
    initial = {"name": known, **kept_post(request).dict()}
    form = NameForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        name_person(person, name=form.cleaned_data["name"])
        return see_other(following)
    status = 422 if form.errors else 200
    return render(request, "certificates/name.html", {"form": form}, status=status)


def _own_or_404(request: HttpRequest, code: str) -> Finding:
    own = Certificate.objects.of(request.user).told()
    certificate = get_object_or_404(own, code=normalise(code))
    return finding_of(certificate, on=timezone.localdate())


def _inside(request: HttpRequest, address: str) -> str:
    """Return the address if it stays on this site, else that of the person's certificates."""
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(address, here, require_https=request.is_secure()):
        return address
    return reverse("certificates:list")
