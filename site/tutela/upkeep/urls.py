"""Where Prometheus asks."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "upkeep"
urlpatterns = [path("metrics", views.metrics, name="metrics")]
