"""The room of home and information pages."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "tutela.pages"
    label = "pages"

    def ready(self) -> None:
        from tutela.work import watching

        from . import readings

        watching.register(watching.Watched("texts", _("Reviews of pages"), readings.read_texts))
