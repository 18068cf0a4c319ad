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
        from tutela.accounts.telling import watch
        from tutela.work import watching

        from . import holding, readings, receivers  # noqa: F401  (receivers connect)
        from .models import CountryEditor

        register(
            Holding(
                name="helplines",
                label=_("Countries you edit"),
                hold=holding.hold,
                erase=holding.erase,
            )
        )
        watch(CountryEditor, called="country of an editor")
        watching.register(watching.Watched("helplines", _("Helplines"), readings.read_helplines))
