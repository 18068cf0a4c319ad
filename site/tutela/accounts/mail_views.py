"""The addresses that mail does not reach: a list in the CMS, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .models import UndeliverableAddress, User
from .undeliverable import try_again

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LINES_A_PAGE = 50


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
