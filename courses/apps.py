"""The room of courses: content, releases, enrolment, progress, completion."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses")

    def ready(self) -> None:
        from quizzes.api import place_with
        from tutela.accounts.privacy import Holding, register
        from tutela.work import watching

        from . import holding, places, readings, receivers  # noqa: F401  (receivers connect themselves)

        place_with(places.place_of_sitting)
        register(
            Holding(
                name="enrolments",
                label=_("Courses and completions"),
                hold=holding.hold_enrolments,
                erase=holding.erase_enrolments,
            )
        )
        watching.register(
            watching.Watched("reviews", _("Reviews of courses"), readings.read_reviews)
        )
