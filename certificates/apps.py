"""The room of certificates."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from tutela.accounts.privacy import Holding, register

        from . import holding, receivers  # noqa: F401  (receivers connect themselves)

        register(
            Holding(
                name="certificates",
                label=_("Certificates"),
                hold=holding.hold,
                erase=holding.erase,
            )
        )
