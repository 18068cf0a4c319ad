"""The room of organisations: their people and the records that prove the training."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "organisations"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        from tutela.accounts.privacy import Holding, register
        from tutela.accounts.second_factor import demanded_by
        from tutela.work import jobs

        from . import holding, receivers, tasks  # noqa: F401  (connect themselves)
        from .permissions import looks_into_an_organisation

        register(
            Holding(
                name="organisations",
                label=_("Organisations"),
                hold=holding.hold,
                erase=holding.erase,
            )
        )
        demanded_by(looks_into_an_organisation)
        jobs.register(
            jobs.Job("organisations.retention", every=jobs.DAY, task=tasks.forget_what_is_over)
        )
