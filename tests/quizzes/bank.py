"""A small question bank about keeping an office in order, and people who answer it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid4, uuid5

from wagtail.models import Locale

from quizzes.api import QuizRule, answer, start_attempt
from quizzes.models import Attempt, Choice, Kind, Question, Sitting
from tutela.accounts.models import User

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def locale(code: str = "en") -> Locale:
    """Return a language of the content, made if it is missing."""
    return Locale.objects.get_or_create(language_code=code)[0]


def make_question(
    code: str = "Q-1",
    *,
    right: str = "a",
    choices: str = "abc",
    critical: str = "",
    publish: bool = True,
) -> Question:
    """Return a question of the bank `office`, published unless told otherwise."""
    question = Question(
        code=code,
        bank="office",
        kind=Kind.SINGLE if len(right) == 1 else Kind.SEVERAL,
        stem=f"What comes first in case {code}?",
        critical_rule=critical,
        rule="Write it down the same day.",
        lesson="o1",
        status="V",
        locale=locale(),
        translation_key=uuid5(NAMESPACE_OID, code),
        live=False,
    )
    question.choices = [
        Choice(
            key=key,
            text=f"Answer {key} of {code}",
            correct=key in right,
            feedback=f"Feedback {key} of {code}",
            locale=locale(),
            sort_order=place,
        )
        for place, key in enumerate(choices)
    ]
    question.save()
    if publish:
        question.save_revision().publish()
        question.refresh_from_db()
    return question


def translate(question: Question, code: str = "fr", *, keys: str = "abc") -> Question:
    """Return a published translation with the given choices, as an editor by hand would make it."""
    words = Question(
        code=question.code,
        bank=question.bank,
        kind=question.kind,
        stem=f"[{code}] {question.stem}",
        rule=f"[{code}] {question.rule}",
        lesson=question.lesson,
        status=question.status,
        locale=locale(code),
        translation_key=question.translation_key,
        live=False,
    )
    words.choices = [
        Choice(
            key=choice.key,
            text=f"[{code}] {choice.text}",
            correct=not choice.correct,  # a translator's mistake, which nothing may read
            feedback=f"[{code}] {choice.feedback}",
            locale=locale(code),
            translation_key=choice.translation_key,
            sort_order=choice.sort_order,
        )
        for choice in question.choices.all()
        if choice.key in keys
    ]
    words.save()
    words.save_revision().publish()
    words.refresh_from_db()
    return words


def reword(question: Question, **fields: object) -> Question:
    """Publish changed fields of a question, as the CMS does."""
    fresh: Question = Question.objects.get(pk=question.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.save_revision().publish()
    fresh.refresh_from_db()
    return fresh


def rekey(question: Question, *, right: str) -> Question:
    """Publish another answer key of a question."""
    fresh: Question = Question.objects.get(pk=question.pk)
    choices = list(fresh.choices.all())
    for choice in choices:
        choice.correct = choice.key in right
    fresh.choices = choices
    fresh.save_revision().publish()
    fresh.refresh_from_db()
    return fresh


def rule(draw: int = 2, *, pass_percent: int = 80, critical_minimum: int = 0) -> QuizRule:
    """Return a rule over the bank `office`."""
    return QuizRule(
        bank="office",
        source_locale="en",
        draw=draw,
        pass_percent=pass_percent,
        critical_minimum=critical_minimum,
    )


def make_person(email: str = "ana@example.org") -> User:
    """Return a learner."""
    return User.objects.create_user(email, "a long password of hers")


def make_sitting(person: User | None = None) -> Sitting:
    """Return a sitting of some quiz."""
    return Sitting.objects.create(person=person or make_person(), quiz=uuid4())


def make_attempt(
    questions: int = 2, *, sitting: Sitting | None = None, language: str = "en", right: str = "a"
) -> Attempt:
    """Return an open attempt that drew all of a fresh bank."""
    for number in range(questions):
        make_question(f"Q-{number}", right=right)
    return start_attempt(
        sitting or make_sitting(), rule=rule(questions), language=language, at=MONDAY
    )


def answer_all(attempt: Attempt, keys: str = "a", *, language: str = "en") -> Attempt:
    """Answer every question of an attempt with the same keys."""
    for item in attempt.items.all():
        answer(attempt, position=item.position, keys=list(keys), language=language, at=MONDAY)
    return attempt
