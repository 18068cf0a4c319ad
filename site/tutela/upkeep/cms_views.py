"""The status page, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tutela.work import watching
from tutela.work.watching import SAID, State, worst

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

WATCHES = "accounts.view_event"


@require_safe
@permission_required(WATCHES, raise_exception=True)
def status(request: HttpRequest) -> HttpResponse:
    """Show every reading under its heading, and above all what is not well."""
    at = timezone.now()
    read = watching.read_all(at=at)
    found = [reading for _watched, readings in read for reading in readings]
    state = worst(reading.state for reading in found)
    context = {
        "at": at,
        "running": f"{settings.SITE_NAME} {settings.VERSION}",
        "read": read,
        "state": state,
        "said": SAID[state],
        "amiss": [reading for reading in found if reading.state != State.WELL],
    }
    return render(request, "upkeep/cms/status.html", context)
