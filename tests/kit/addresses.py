"""The addresses of the site, with those that only a demonstration has."""

from __future__ import annotations

from django.urls import path

from tutela.kit.views import pattern, patterns
from tutela.urls import urlpatterns as ours

urlpatterns = [
    path("kit/", patterns, name="patterns"),
    path("kit/<slug:name>/", pattern, name="pattern"),
    *ours,
]
