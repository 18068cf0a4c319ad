"""Whom to call in which country: without an account, and never guessed from who is asking."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tutela.kit.middleware import cacheable

from .countries import COUNTRIES, EUROPE, name_of, named, reach
from .finding import help_in
from .forms import CountryForm

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def choose_country(request: HttpRequest) -> HttpResponse:
    """Ask for the country, and lead to its page."""
    form = CountryForm(request.GET if "country" in request.GET else None)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["country"].lower()
        return HttpResponseRedirect(reverse("helplines:country", args=[chosen]))
    countries = [(code.lower(), name) for code, name in named(language=request.LANGUAGE_CODE)]
    context = {"form": form, "countries": countries, "indexed": True}
    status = 422 if form.errors else 200
    return cacheable(render(request, "helplines/choose.html", context, status=status))


@require_safe
def show_country(request: HttpRequest, country: str) -> HttpResponse:
    """Show the helplines and the information of a country that hold today."""
    code = country.upper()
    if code not in COUNTRIES or country != country.lower():
        raise Http404
    at, language = timezone.now(), request.LANGUAGE_CODE
    found = help_in(code, language=language, on=timezone.localdate(at))
    # The site's own number is one of Europe: elsewhere none is named that nobody verified.
    fallback = settings.EMERGENCY_NUMBER if EUROPE in reach(code) else ""
    context = {
        "help": found,
        "name": name_of(code, language=language),
        "emergency_number": found.emergency_number or fallback,
        "kept": found.kept(),
        "indexed": True,
    }
    answer = render(request, "helplines/country.html", context)
    return cacheable(answer, seconds=seconds_to_keep(at))


def seconds_to_keep(at: datetime) -> int:
    """Return how long what holds today may be kept, so that nobody is shown it tomorrow.

    That is half of what is left of the day: a cache on the way to the reader keeps it as long again.
    """
    tomorrow = timezone.localdate(at) + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, time.min))
    return int((midnight - at).total_seconds()) // 2
