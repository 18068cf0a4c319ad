"""Stopping editorial notices; and the list of addresses that mail does not reach, in the CMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .models import UndeliverableAddress, User
from .notices import are_stopped, person_of, switch_notices
from .undeliverable import try_again

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LINES_A_PAGE = 50


@csrf_exempt  # a mail program sends no cookie; the address is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def stop_notices(request: HttpRequest, token: str) -> HttpResponse:
    """Let the reader of a notice stop further ones; a POST does it, or takes it back."""
    person = person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        switch_notices(person, on="again" in request.POST)
    if request.method == "POST" and "List-Unsubscribe" not in request.POST:
        return HttpResponseRedirect(request.path, status=303)
    # A mail program follows no redirect (RFC 8058).
    context = {"person": person, "stopped": are_stopped(person)}
    return render(request, "accounts/stop_notices.html", context)


@require_GET
@permission_required("accounts.view_undeliverableaddress", raise_exception=True)
def undeliverable_addresses(request: HttpRequest) -> HttpResponse:
    """List the addresses, the latest first."""
    listed = UndeliverableAddress.objects.order_by("-last_at", "-pk")
    page = Paginator(listed, LINES_A_PAGE).get_page(request.GET.get("p"))
    return render(request, "accounts/cms/undeliverable.html", {"page": page})


@require_POST
@permission_required("accounts.delete_undeliverableaddress", raise_exception=True)
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an address off the list, so that it gets every mail again."""
    listed = get_object_or_404(UndeliverableAddress, pk=pk)
    try_again(listed, by=cast("User", request.user), at=timezone.now())
    messages.success(request, _("The address gets every mail again."))
    return HttpResponseRedirect(reverse("accounts_undeliverable"), status=303)
