"""The room of questions and attempts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = _("Quizzes")

    def ready(self) -> None:
        from tutela.accounts.privacy import Holding, register
        from tutela.work import jobs

        from . import privacy, receivers, tasks  # noqa: F401  (receivers connect)

        jobs.register(
            jobs.Job(name="remove_old_answers", every=jobs.DAY, task=tasks.remove_answers)
        )
        register(
            Holding(
                name="quizzes",
                label=_("Quiz attempts and answers"),
                hold=privacy.hold_attempts,
                erase=privacy.erase_attempts,
            )
        )
