"""The kit: base template, components, look, sanitising; it knows no model."""

from __future__ import annotations

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "tutela.kit"
    label = "kit"
