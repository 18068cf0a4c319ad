"""The room of helplines and national information."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelplinesConfig(AppConfig):
    name = "tutela.helplines"
    label = "helplines"
    verbose_name = _("Helplines")

    def ready(self) -> None:
        from tutela.accounts.privacy import Holding, register

        from . import holding, receivers  # noqa: F401  (receivers connect)

        register(
            Holding(
                name="helplines",
                label=_("Countries you edit"),
                hold=holding.hold,
                erase=holding.erase,
            )
        )
