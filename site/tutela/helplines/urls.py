"""Whom to call, by country, below `/<lang>/help/`."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "helplines"

urlpatterns = [
    path("", views.choose_country, name="choose"),
    path("<slug:country>/", views.show_country, name="country"),
]
