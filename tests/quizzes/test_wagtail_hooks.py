"""The question bank in the CMS: what authors see, and what they cannot publish."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.db.models import Count
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from quizzes.models import (
    Attempt,
    AttemptItem,
    Choice,
    Question,
    QuestionText,
    QuestionVersion,
    Sitting,
)
from tutela.accounts.models import User

from .bank import make_question, rekey, translate

pytestmark = pytest.mark.django_db
Choices = list[dict[str, Any]]


@pytest.fixture
def author(settings: Settings) -> Client:
    """Give the browser of somebody who may do everything in the CMS."""
    settings.REQUIRE_SECOND_FACTOR = False
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.org", "a long password indeed"))
    return client


def address(name: str, *args: object) -> str:
    """Return an address of the question bank."""
    return reverse(f"wagtailsnippets_quizzes_question:{name}", args=args)


def choice(*, correct: bool = False, feedback: str = "Why.", **more: object) -> dict[str, Any]:
    """Return what the form holds of one choice."""
    return {
        "text": "An answer",
        "feedback": feedback,
        **({"correct": "on"} if correct else {}),
        **more,
    }


def sent(choices: Choices, **fields: object) -> dict[str, Any]:
    """Return what an author sends."""
    data: dict[str, Any] = nested_form_data(
        {
            "code": "Q-9",
            "bank": "office",
            "kind": "single",
            "stem": "What comes first?",
            "rule": "Write it down.",
            "critical_rule": "",
            "lesson": "o1",
            "objective": "1",
            "level": "apply",
            "sources": "",
            "status": "V",
            "jurisdiction": "international",
            "review_due": "",
            "choices": inline_formset(choices),
            "action-publish": "1",
            **fields,
        }
    )
    return data


def test_author_publishes_a_question(author: Client) -> None:
    response = author.post(address("add"), sent([choice(correct=True), choice(), choice()]))
    assert response.status_code == 302
    question = Question.objects.get()
    assert question.live
    assert [(found.key, found.correct) for found in question.choices.all()] == [
        ("a", True),
        ("b", False),
        ("c", False),
    ]
    assert QuestionVersion.objects.get().right_keys == ["a"]


@pytest.mark.parametrize(
    ("choices", "fields", "message"),
    [
        ([choice(), choice()], {}, "Mark exactly one choice as correct"),
        ([choice(correct=True)] * 2 + [choice()], {}, "Mark exactly one choice as correct"),
        ([choice(correct=True), choice()], {"kind": "several"}, "Mark at least two choices"),
        ([choice(correct=True)] * 2, {"kind": "several"}, "Add a choice that is not correct."),
        ([choice(correct=True)], {}, "Please submit at least 2 forms."),
        ([], {}, "Please submit at least 2 forms."),
        (
            [choice(correct=True, feedback=""), choice()],
            {"critical_rule": "keep-order"},
            "This field is required.",
        ),
        ([choice(correct=True), choice(DELETE="1")], {}, "Please submit at least 2 forms."),
    ],
)
def test_question_that_cannot_be_marked_is_refused(
    author: Client, choices: Choices, fields: dict[str, object], message: str
) -> None:
    response = author.post(address("add"), sent(choices, **fields))
    assert response.status_code == 200
    assert message in response.content.decode()
    assert Question.objects.count() == 0


def test_draft_may_be_unfinished(author: Client) -> None:
    data = sent([choice()])
    del data["action-publish"]
    assert author.post(address("add"), data).status_code == 302
    question = Question.objects.get()
    assert (question.live, QuestionVersion.objects.count()) == (False, 0)


def test_new_choice_gets_a_letter_that_was_never_used(author: Client) -> None:
    question = make_question(choices="abc")
    rows = [
        choice(correct=found.correct, id=found.pk, **({"DELETE": "1"} if found.key == "c" else {}))
        for found in question.choices.all()
    ]
    for expected in ("d", "e"):
        data = sent([*rows, choice()], code=question.code)
        data["choices-INITIAL_FORMS"] = "3"
        assert author.post(address("edit", question.pk), data).status_code == 302
        newest = Choice.objects.filter(question=question).order_by("key").last()
        assert newest is not None
        assert newest.key == expected
        rows = [
            choice(
                correct=found.correct,
                id=found.pk,
                **({"DELETE": "1"} if found.key == "d" else {}),
            )
            for found in Choice.objects.filter(question=question).order_by("sort_order")
        ]


def test_code_never_changes(author: Client) -> None:
    question = make_question("Q-1")
    rows = [choice(correct=found.correct, id=found.pk) for found in question.choices.all()]
    data = sent(rows, code="Q-2", stem="Corrected?")
    data["choices-INITIAL_FORMS"] = "3"
    assert author.post(address("edit", question.pk), data).status_code == 302
    question.refresh_from_db()
    assert (question.code, question.stem) == ("Q-1", "Corrected?")


def test_translation_edited_by_hand_changes_no_key(author: Client) -> None:
    french = translate(make_question(right="a"))
    rekey(french, right="b")
    assert QuestionVersion.objects.get().right_keys == ["a"]


@pytest.mark.parametrize("code", ["en", "fr"])
def test_question_opens_in_every_language(author: Client, code: str) -> None:
    question = make_question()
    page = {"en": question, "fr": translate(question)}[code]
    response = author.get(address("edit", page.pk))
    assert response.status_code == 200
    assert page.stem in unescape(response.content.decode())


def test_list_shows_searches_and_filters(author: Client) -> None:
    make_question("Q-1", critical="keep-order")
    make_question("Q-2")
    page = author.get(address("list")).content.decode()
    assert all(word in page for word in ("Q-1", "Q-2", "office", "keep-order", "apply"))
    critical = author.get(address("list"), {"critical_rule": "keep-order"}).content.decode()
    assert ("case Q-1" in critical, "case Q-2" in critical) == (True, False)
    found = author.get(address("list"), {"q": "Q-2"}).content.decode()
    assert ("case Q-1" in found, "case Q-2" in found) == (False, True)


def test_questions_are_never_copied(author: Client) -> None:
    question = make_question()
    with pytest.raises(NoReverseMatch):
        address("copy", question.pk)
    copied = author.post(address("edit", question.pk).replace("/edit/", "/copy/"), {}, follow=True)
    assert copied.status_code == 404
    question.refresh_from_db()
    assert question.live


def test_menu_leads_to_the_questions(author: Client) -> None:
    assert f'"url": "{address("list")}"' in author.get("/cms/").content.decode()


def test_preview_shows_the_feedback_and_leaves_no_record(author: Client) -> None:
    question = make_question()
    rows = [choice(correct=found.correct, id=found.pk) for found in question.choices.all()]
    data = sent(rows, code="Q-1", stem="A stem that is only tried?")
    data["choices-INITIAL_FORMS"] = "3"
    preview = address("preview_on_edit", question.pk)
    assert author.post(preview, data).json() == {"is_valid": True, "is_available": True}
    shown = author.get(preview)
    html = shown.content.decode()
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert "A stem that is only tried?" in html
    assert html.count("Not yet") == 2
    assert 'type="radio"' in html
    assert [model.objects.count() for model in (Sitting, Attempt, AttemptItem)] == [0, 0, 0]
    assert QuestionText.objects.aggregate(count=Count("pk")) == {"count": 1}


def test_author_alone_may_look_at_the_bank() -> None:
    client = Client()
    client.force_login(User.objects.create_user("ana@example.org", "a long password of hers"))
    assert client.get(address("list")).status_code == 302
