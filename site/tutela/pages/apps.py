"""The room of home and information pages."""

from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "tutela.pages"
    label = "pages"
