"""Addresses for whoever watches over the machine."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "work"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
