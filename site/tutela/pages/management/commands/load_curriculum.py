"""Load the starter curriculum: `load_curriculum`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.api import ReleaseError, release_course, release_language
from courses.curriculum.files import HERE, SOURCE, read_curriculum
from courses.curriculum.loading import load_source, load_translation
from courses.curriculum.messages import translated
from courses.curriculum.reading import CurriculumError
from courses.curriculum.rendering import key_of
from courses.curriculum.terms import read_glossary
from courses.curriculum.terms_loading import load_glossary
from courses.models import CourseLanguage, CoursePage
from tutela.helplines.api import load_helplines
from tutela.pages.frame import TEXTS, read_frame
from tutela.pages.opening import open_site

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.management.base import CommandParser

    from courses.curriculum.files import Course
    from courses.models import CatalogPage


class Command(BaseCommand):
    """Writes what changed, publishes and releases it; a second run changes nothing."""

    help = "Load the starter curriculum into pages and questions, in every language it has."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=HERE, help="where the files stand")
        parser.add_argument(
            "--texts", type=Path, default=TEXTS, help="where the site's texts stand"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"]
        try:
            places = read_frame(
                options["texts"], languages=[code for code, _ in settings.LANGUAGES]
            )
            courses = read_curriculum(folder)
            terms = read_glossary(folder)
            languages = [code for code, _ in settings.LANGUAGES if code != SOURCE]
            translations = {
                code: [found for course in courses if (found := translated(course, code, folder))]
                for code in languages
            }
        except CurriculumError as error:
            raise CommandError("\n".join(["Nothing was loaded:", *error.problems])) from error
        at = timezone.now()
        catalog = open_site(places, at=at, say=self.stdout.write)
        changed = load_glossary(terms, at=at, say=self.stdout.write)
        changed += sum(self._load(course, catalog, at) for course in courses)
        for code, translations_of in translations.items():
            changed += sum(self._translate(course, code, at) for course in translations_of)
        self.stdout.write(f"helplines: {load_helplines()} drafts added")
        self.stdout.write(f"curriculum: {changed} texts written")

    def _load(self, course: Course, catalog: CatalogPage, at: datetime) -> int:
        changed = load_source(course, catalog=catalog, at=at, say=self.stdout.write)
        self._release(course, SOURCE, at, changed=changed)
        return changed

    def _translate(self, course: Course, language: str, at: datetime) -> int:
        changed = load_translation(course, language=language, at=at, say=self.stdout.write)
        self._release(course, language, at, changed=changed)
        return changed

    def _release(self, course: Course, language: str, at: datetime, *, changed: int) -> None:
        """Release what changed, and what a run that was broken off did not come to release."""
        key = key_of(course.code)
        if not changed and CourseLanguage.objects.filter(course=key, locale=language).exists():
            return
        page = CoursePage.objects.get(translation_key=key, locale__language_code=SOURCE)
        try:
            release = release_course(page, by=None, at=at, note="Starter curriculum")
            release_language(release, language=language, at=at)
        except ReleaseError as error:
            lines = [f"{course.code} ({language}): loaded, but not released:", *error.missing]
            raise CommandError("\n".join(lines)) from error
