"""Pages of an attempt: their owner's alone, and silent about what is right until submission."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from quizzes import places
from quizzes.api import Place, answer, place_with, remove_old_answers, start_attempt, submit_attempt
from quizzes.models import Attempt, AttemptItem, Sitting

from .bank import (
    MONDAY,
    answer_all,
    make_attempt,
    make_person,
    make_question,
    make_sitting,
    rule,
    translate,
)

pytestmark = pytest.mark.django_db
PAGES = ["question", "check", "submit", "result"]


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every sitting of these tests hang in one place."""
    monkeypatch.setattr(places, "_providers", [])

    def provide(sitting: Sitting, language: str) -> Place:
        lessons = {"o1": ("Keeping a register", f"/{language}/courses/office/o1/")}
        return Place(title="Office", url=f"/{language}/courses/office/", lessons=lessons)

    place_with(provide)


def url(name: str, attempt: Attempt, position: int | None = None, *, language: str = "en") -> str:
    """Return the address of a page of an attempt."""
    args = [attempt.pk] if position is None else [attempt.pk, position]
    with translation.override(language):
        return reverse(f"quizzes:{name}", args=args)


def page_url(name: str, attempt: Attempt) -> str:
    """Return the address of a page of an attempt, of its first question where it is one."""
    return url(name, attempt, 1 if name == "question" else None)


def signed_in(attempt: Attempt) -> Client:
    """Return the browser of the attempt's owner."""
    client = Client()
    assert attempt.sitting.person is not None
    client.force_login(attempt.sitting.person)
    return client


def text(response: Any) -> str:
    """Return what a reader sees in the main part."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    main = main.partition(">")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def title(response: Any) -> str:
    """Return the title of a page."""
    return unescape(response.content.decode().partition("<title>")[2].partition("</title>")[0])


def value_of(item: AttemptItem, key: str) -> str:
    """Return the form value of a key in this attempt's order."""
    return str(item.order.index(key) + 1)


# A3, A17, A18
def test_question_page_shows_one_question() -> None:
    attempt = make_attempt(3)
    response = signed_in(attempt).get(url("question", attempt, 2))
    html = response.content.decode()
    assert response.status_code == 200
    assert title(response) == "Question 2 of 3 – Office – Tutela"
    assert re.search(r"<fieldset[^>]*>\s*<legend><h1>What comes first in case Q-\d\?</h1>", html)
    assert html.count("<h1") == 1
    assert html.count('type="radio"') == 3
    assert " checked" not in html
    assert '<progress value="2" max="3"' in html
    assert response.headers["Cache-Control"] == "private, no-store"


def test_several_answers_are_checkboxes_with_a_hint() -> None:
    attempt = make_attempt(1, right="ab")
    html = signed_in(attempt).get(url("question", attempt, 1)).content.decode()
    assert html.count('type="checkbox"') == 3
    assert 'aria-describedby="choice-hint"' in html
    assert 'id="choice-hint"' in html


def test_saved_answer_is_selected_again() -> None:
    attempt = make_attempt(1, right="ab")
    answer(attempt, position=1, keys=["a", "c"], language="en", at=MONDAY)
    html = signed_in(attempt).get(url("question", attempt, 1)).content.decode()
    assert html.count(" checked") == 2


def test_answer_leads_to_the_next_question_and_at_last_to_the_check() -> None:
    attempt = make_attempt(3)
    client = signed_in(attempt)
    for position, following in [
        (2, url("question", attempt, 3)),
        (3, url("question", attempt, 1)),
        (1, url("check", attempt)),
    ]:
        response = client.post(url("question", attempt, position), {"choice": "1"})
        assert (response.status_code, response.headers["Location"]) == (303, following)
    assert attempt.items.unanswered().count() == 0


def test_form_value_is_the_place_in_the_order_of_this_attempt() -> None:
    attempt = make_attempt(1)
    item = attempt.items.get()
    signed_in(attempt).post(url("question", attempt, 1), {"choice": value_of(item, "b")})
    item.refresh_from_db()
    assert item.response == ["b"]


def test_changing_leads_back_to_the_check() -> None:
    attempt = make_attempt(3)
    response = signed_in(attempt).post(url("question", attempt, 2) + "?change", {"choice": "2"})
    assert response.headers["Location"] == url("check", attempt)


# A2
@pytest.mark.parametrize(
    ("right", "sent", "message"),
    [
        ("a", {}, "Choose an answer."),
        ("a", {"choice": "9"}, "Choose one of the answers shown."),
        ("a", {"choice": "a"}, "Choose one of the answers shown."),
        ("ab", {}, "Choose at least one answer."),
        ("ab", {"choice": ["1", "9"]}, "Choose among the answers shown."),
    ],
)
def test_answer_that_does_not_fit_is_explained(
    right: str, sent: dict[str, object], message: str
) -> None:
    attempt = make_attempt(2, right=right)
    response = signed_in(attempt).post(url("question", attempt, 1), sent)
    html = response.content.decode()
    assert response.status_code == 422
    assert title(response) == "Error: Question 1 of 2 – Office – Tutela"
    assert text(response).startswith(f"There is a problem {message}")
    assert '<a href="#id_choice_0">' in html
    assert 'id="id_choice_0"' in html
    assert "choice-error" in html
    assert attempt.items.get(position=1).response == []


# A2
def test_empty_submit_loses_no_earlier_answer() -> None:
    attempt = answer_all(make_attempt(2))
    client = signed_in(attempt)
    client.post(url("question", attempt, 1), {})
    assert {tuple(item.response) for item in attempt.items.all()} == {("a",)}


# A1
def test_check_page_lists_every_answer_with_a_link() -> None:
    attempt = make_attempt(2)
    item = attempt.items.select_related("version").get(position=1)
    code = item.version.structure["code"]
    answer(attempt, position=1, keys=["b"], language="en", at=MONDAY)
    response = signed_in(attempt).get(url("check", attempt))
    assert title(response) == "Check your answers – Office – Tutela"
    assert f"Answer b of {code} Change your answer to: What comes first in case {code}?" in text(
        response
    )
    assert "Not answered yet" in text(response)
    assert f'href="{url("question", attempt, 2)}?change"' in response.content.decode()


def test_submit_marks_and_leads_to_the_result() -> None:
    attempt = answer_all(make_attempt(2))
    response = signed_in(attempt).post(url("submit", attempt), {"passed": "1", "score": "100"})
    assert (response.status_code, response.headers["Location"]) == (303, url("result", attempt))
    attempt.refresh_from_db()
    assert (attempt.points, attempt.passed) == (2, True)


def test_submit_without_an_answer_says_which() -> None:
    attempt = make_attempt(2)
    answer(attempt, position=1, keys=["a"], language="en", at=MONDAY)
    response = signed_in(attempt).post(url("submit", attempt))
    assert response.status_code == 422
    assert title(response) == "Error: Check your answers – Office – Tutela"
    assert "Question 2 has no answer yet" in text(response)
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_submitting_again_leads_to_the_same_result() -> None:
    attempt = answer_all(make_attempt(1))
    client = signed_in(attempt)
    answers = [client.post(url("submit", attempt)).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert Attempt.objects.get().points == 1


def test_result_of_a_pass() -> None:
    attempt = submit_attempt(answer_all(make_attempt(2)), at=MONDAY)
    response = signed_in(attempt).get(url("result", attempt))
    assert title(response) == "Your result – Office – Tutela"
    assert "You got 2 of 2 questions right. The pass mark is 80 %." in text(response)
    assert text(response).startswith("Passed Well done.")
    assert "keeps a child safe" not in text(response)


def test_result_says_what_to_read_again() -> None:
    attempt = submit_attempt(answer_all(make_attempt(1), "b"), at=MONDAY)
    response = signed_in(attempt).get(url("result", attempt))
    assert text(response).startswith("Not yet You are not there yet.")
    assert (
        "What comes first in case Q-0? Not yet Your answer Answer b of Q-0 Feedback b of Q-0 "
        "The rule behind it Write it down the same day. Read again: Keeping a register"
    ) in text(response)
    assert '<a href="/en/courses/office/o1/">' in response.content.decode()
    assert "Answer a of Q-0" not in text(response)


def test_result_explains_a_critical_question() -> None:
    make_question(critical="keep-order")
    attempt = start_attempt(make_sitting(), rule=rule(1), language="en", at=MONDAY)
    submit_attempt(answer_all(attempt, "b"), at=MONDAY)
    shown = text(signed_in(attempt).get(url("result", attempt)))
    assert "These have to be right, whatever the score." in shown
    assert "This question has to be right to pass." in shown


def test_result_after_the_answers_were_removed() -> None:
    attempt = submit_attempt(answer_all(make_attempt(1)), at=MONDAY)
    remove_old_answers(at=MONDAY + timedelta(days=91))
    response = signed_in(attempt).get(url("result", attempt))
    assert "You got 1 of 1 questions right." in text(response)
    assert "Submitted on 2 March 2026." in text(response)
    assert "Q-0" not in text(response)


@pytest.mark.parametrize("name", ["question", "check"])
def test_submitted_attempt_leads_to_its_result(name: str) -> None:
    attempt = submit_attempt(answer_all(make_attempt(1), "b"), at=MONDAY)
    response = signed_in(attempt).get(page_url(name, attempt))
    assert response.headers["Location"] == url("result", attempt)


def test_answer_sent_after_submission_changes_nothing() -> None:
    attempt = submit_attempt(answer_all(make_attempt(1), "b"), at=MONDAY)
    response = signed_in(attempt).post(url("question", attempt, 1), {"choice": "1"})
    assert response.headers["Location"] == url("result", attempt)
    assert attempt.items.get().response == ["b"]


def test_no_result_before_submission() -> None:
    attempt = answer_all(make_attempt(1))
    response = signed_in(attempt).get(url("result", attempt))
    assert response.headers["Location"] == url("check", attempt)


def test_language_switched_in_the_middle() -> None:
    translate(make_question())
    attempt = start_attempt(make_sitting(), rule=rule(1), language="en", at=MONDAY)
    answer(attempt, position=1, keys=["b"], language="en", at=MONDAY)
    client = signed_in(attempt)
    for name in ("question", "check"):
        french = url(name, attempt, 1 if name == "question" else None, language="fr")
        html = client.get(french).content.decode()
        assert "[fr] What comes first in case Q-1?" in unescape(html)
        assert "[fr] Answer b of Q-1" in html
    client.post(url("submit", attempt, language="fr"))
    result = client.get(url("result", attempt, language="fr")).content.decode()
    assert "[fr] Feedback b of Q-1" in result


def test_missing_translation_is_marked_as_the_source_language() -> None:
    attempt = make_attempt(1)
    html = signed_in(attempt).get(url("question", attempt, 1, language="fr")).content.decode()
    assert '<legend lang="en" dir="ltr"><h1>What comes first' in html
    assert html.count('<label for="id_choice_0" lang="en" dir="ltr">') == 1


@pytest.mark.parametrize("name", PAGES)
def test_attempt_of_another_person_is_not_found(name: str) -> None:
    attempt = answer_all(make_attempt(1))
    client = Client()
    client.force_login(make_person("ben@example.org"))
    send = client.post if name == "submit" else client.get
    assert send(page_url(name, attempt)).status_code == 404


def test_answer_to_the_attempt_of_another_person_is_not_kept() -> None:
    attempt = make_attempt(1)
    client = Client()
    client.force_login(make_person("ben@example.org"))
    assert client.post(url("question", attempt, 1), {"choice": "1"}).status_code == 404
    assert attempt.items.get().response == []


@pytest.mark.parametrize("name", PAGES)
def test_visitor_is_asked_to_sign_in(name: str) -> None:
    attempt = answer_all(make_attempt(1))
    client = Client()
    send = client.post if name == "submit" else client.get
    response = send(page_url(name, attempt))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("name", "method"), [("submit", "get"), ("check", "post"), ("result", "post")]
)
def test_nothing_changes_by_another_method(name: str, method: str) -> None:
    attempt = answer_all(make_attempt(1))
    assert getattr(signed_in(attempt), method)(url(name, attempt)).status_code == 405


@pytest.mark.parametrize("position", ["0", "2", "99999999999999999999"])
def test_unknown_question_is_not_found(position: str) -> None:
    attempt = make_attempt(1)
    address = f"/en/learning/attempts/{attempt.pk}/{position}/"
    assert signed_in(attempt).get(address).status_code == 404


def pages_before_submission(right: str, critical: str = "") -> list[bytes]:
    """Return all that a learner gets before she submits, from a bank with this key."""
    savepoint = transaction.savepoint_create()
    for number in range(3):
        make_question(f"Q-{number}", right=right, critical=critical)
    attempt = start_attempt(make_sitting(), rule=rule(3), language="en", at=MONDAY)
    answer(attempt, position=1, keys=["a"], language="en", at=MONDAY)
    client = signed_in(attempt)
    addresses = [url("question", attempt, position) for position in (1, 2, 3)]
    answers = [client.get(address) for address in [*addresses, url("check", attempt)]]
    answers += [client.post(addresses[2], {}), client.post(url("submit", attempt))]
    # What differs at every visit, and the number of the attempt.
    own = re.compile(rf'name="csrfmiddlewaretoken" value="\w+"|/attempts/{attempt.pk}/'.encode())
    transaction.savepoint_rollback(savepoint)
    for found in answers:
        del found.headers["Content-Length"]  # the number of the attempt counts in it
        del found.headers["X-Request-ID"]
    return [own.sub(b"", found.content) for found in answers] + [
        repr(sorted(found.headers.items())).encode() for found in answers
    ]


# A1
@pytest.mark.parametrize(
    ("one", "other"),
    [(("a", ""), ("b", "")), (("a", ""), ("a", "keep-order")), (("ab", ""), ("bc", ""))],
)
def test_nothing_before_submission_tells_the_key(
    monkeypatch: pytest.MonkeyPatch, one: tuple[str, str], other: tuple[str, str]
) -> None:
    monkeypatch.setattr("quizzes.attempts.secrets.randbits", lambda bits: 7)
    pages = pages_before_submission(*one)
    assert len(pages) == 12
    assert pages_before_submission(*other) == pages


@pytest.mark.parametrize("count", [1, 3, 10])
@pytest.mark.parametrize(("name", "expected"), [("question", 4), ("check", 5), ("result", 5)])
def test_page_takes_a_constant_number_of_queries(name: str, expected: int, count: int) -> None:
    attempt = answer_all(make_attempt(count), "b")
    if name == "result":
        submit_attempt(attempt, at=MONDAY)
    client = signed_in(attempt)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page_url(name, attempt)).status_code == 200
    assert len(queries) == expected


@pytest.mark.parametrize("count", [1, 3, 10])
@pytest.mark.parametrize(("name", "expected"), [("question", 9), ("submit", 9)])
def test_sending_takes_a_constant_number_of_queries(name: str, expected: int, count: int) -> None:
    attempt = answer_all(make_attempt(count), "b")
    client = signed_in(attempt)
    with CaptureQueriesContext(connection) as queries:
        assert client.post(page_url(name, attempt), {"choice": "1"}).status_code == 303
    assert len(queries) == expected
