"""What administrators do with certificates: look one up, and revoke it with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .api import State, finding_of, grouped, normalise, revoke_certificate, shown_language
from .forms import ReasonForm
from .models import Certificate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tutela.accounts.models import User

    from .api import Finding

NEWEST = 50
# What can still be revoked: an expired certificate too, for it says that the training was done.
REVOCABLE = {State.VALID, State.EXPIRED, State.SUPERSEDED}


@require_safe
@permission_required("certificates.view_certificate", raise_exception=True)
def certificates(request: HttpRequest) -> HttpResponse:
    """List the newest certificates, or the one with the code that was typed."""
    typed = request.GET.get("code", "")
    found = Certificate.objects.told().order_by("-issued_at", "-pk")
    if typed:
        found = found.filter(code=normalise(typed))
    today = timezone.localdate()
    rows = [row_of(finding_of(certificate, on=today)) for certificate in found[:NEWEST]]
    return render(request, "certificates/cms/list.html", {"rows": rows, "typed": typed})


@require_http_methods(["GET", "POST"])
@permission_required("certificates.revoke_certificate", raise_exception=True)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, and revoke."""
    certificate = get_object_or_404(Certificate.objects.told(), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, reason = cast("User", request.user), form.cleaned_data["reason"]
        revoke_certificate(certificate, by=by, reason=reason, at=timezone.now())
        messages.success(request, _("The certificate is revoked."))
        return HttpResponseRedirect(reverse("certificates_cms"), status=303)
    context = {**row_of(finding_of(certificate, on=timezone.localdate())), "form": form}
    status = 422 if form.errors else 200
    return render(request, "certificates/cms/revoke.html", context, status=status)


def row_of(finding: Finding) -> dict[str, object]:
    """Return what the templates say of a certificate; never whose it is, which revoking needs not."""
    certificate = finding.certificate
    language = shown_language(certificate, [get_language() or ""])
    return {
        "certificate": certificate,
        "code": grouped(certificate.code),
        "course": certificate.texts[language]["title"],
        "state": finding.state.label,
        "revocable": finding.state in REVOCABLE,
    }
