"""The room of courses: content, releases, enrolment, progress, completion."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses")

    def ready(self) -> None:
        from quizzes.api import place_with  # noqa: PLC0415  (needs the app registry)

        from . import places, receivers  # noqa: F401, PLC0415  (receivers connect themselves)

        place_with(places.place_of_sitting)
