"""Pages of the course tree; and what learners earn, which never points at a page."""

from __future__ import annotations

from .glossary import Standing, Term, TermLanguage, as_lines, lines
from .learning import Completion, CompletionQuerySet, Enrolment, EnrolmentQuerySet, StepProgress
from .pages import (
    IDENTITY,
    CatalogPage,
    CoursePage,
    LessonPage,
    LoadedText,
    ModulePage,
    QuizPage,
    TreePage,
    structure,
)
from .releases import (
    Change,
    CourseLanguage,
    CourseLanguageQuerySet,
    CourseRelease,
    CourseReleaseQuerySet,
    LanguageState,
    LearningObject,
    ObjectKind,
    Review,
    fingerprint,
)

__all__ = [
    "IDENTITY",
    "CatalogPage",
    "Change",
    "Completion",
    "CompletionQuerySet",
    "CourseLanguage",
    "CourseLanguageQuerySet",
    "CoursePage",
    "CourseRelease",
    "CourseReleaseQuerySet",
    "Enrolment",
    "EnrolmentQuerySet",
    "LanguageState",
    "LearningObject",
    "LessonPage",
    "LoadedText",
    "ModulePage",
    "ObjectKind",
    "QuizPage",
    "Review",
    "Standing",
    "StepProgress",
    "Term",
    "TermLanguage",
    "TreePage",
    "as_lines",
    "fingerprint",
    "lines",
    "structure",
]
