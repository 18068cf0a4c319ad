"""The welfare of learners, rule by rule (W1 to W16): what pages, rows, mails and texts show of it.

`docs/care.md` says what each rule asks for; `tests/test_welfare_texts.py` holds what needs no page,
`tests/e2e/test_welfare.py` what needs a browser.
"""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext
from wagtail.models import Page

from certificates.models import Certificate
from courses.models import LessonPage, ModulePage
from courses.outline import LESSON, QUIZ
from courses.sources import address
from organisations.api import add_unit, join, root_of
from organisations.exports import write_csv
from organisations.models import Record
from quizzes.models import Attempt, Question
from tests.courses.scene import (
    AT,
    LESSON_PATH,
    answer_all,
    complete,
    learner,
    read_lessons,
    steps_of,
)
from tests.e2e.kinds import every_kind
from tests.e2e.scene import find_course, make_scene, take
from tests.people import START, make_cast, make_person, signed_in
from tests.test_welfare_texts import ROOMS, TELLING
from tutela.accounts.roles import AUTHORS
from tutela.accounts.staying import RENEWED_AFTER, SESSION_KEY
from tutela.kit import views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organisations.models import RecordQuerySet

pytestmark = pytest.mark.usefixtures("curriculum")

NOT_REPORTING = "This site is not a reporting channel."
NOTE = re.compile(r'<aside[^>]*aria-labelledby="content-note">.*?</aside>', re.DOTALL)

# Every place where a learner types, and why it exists (W9). None asks about her own life.
TYPED = {
    "certificate": "the code of a certificate that somebody checks",
    "code": "a code from a mail, an app or a certificate",
    "email": "the address of an account",
    "first_name": "how we address her",
    "last_name": "how we address her",
    "login": "the address of an account",
    "name": "the name that stands on her certificates",
    "q": "words to look for",
    "surname": "the holder's surname, to be shown her name",
    "typed": "her own address, so that no account is closed by mistake",
}
SECRET = {"password", "password1", "password2", "oldpassword"}


@cache
def read_pages(language: str = "en") -> dict[tuple[str, str], str]:
    """Return every page of the site in full use, by kind and by who reads it; read once."""
    scene = make_scene(language)
    sessions = scene.sessions()
    found = {}
    for kind in every_kind(scene):
        client = signed_in(None)
        if key := sessions[kind.who]:
            client.cookies[settings.SESSION_COOKIE_NAME] = key
        answer = client.get(kind.path)
        assert answer.status_code == kind.status, kind.name
        found[kind.name, kind.who] = str(answer.content.decode())
    return found | dict(error_pages(language))


def error_pages(language: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what a working site cannot be made to answer."""
    with translation.override(language):
        request = RequestFactory().get(f"/{language}/")
        answers = {
            "400": views.bad_request(request, ValueError()),
            "403": views.csrf_failure(request),
            "429": views.too_many_requests(request),
            "500": views.server_error(request),
            "503": views.unavailable(request),
        }
    for code, answer in answers.items():
        yield (f"error {code}", "visitor"), str(answer.content.decode())


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def read(path: str) -> str:
    return str(signed_in(None).get(path).content.decode())


def lessons(*, sensitive: bool) -> list[tuple[str, str]]:
    """Return address and language of every lesson, in every language that it is written in."""
    sources = LessonPage.objects.filter(locale__language_code="en", sensitive=sensitive)
    return [
        (address(page.url_path, language=code), code) for page in sources for code in ("en", "fr")
    ]


def test_W1_a_sensitive_lesson_begins_with_a_short_neutral_note_and_its_choices() -> None:
    for path, _language in lessons(sensitive=True):
        page = read(path)
        [note] = NOTE.findall(page)
        said = strip_tags(note[note.index("<p>") : note.index("</p>")])
        assert 10 < len(said.split()) <= 60, path
        assert not re.search(r"warning|trigger|disturb|shock|horr|attention\b", said, re.IGNORECASE)
        for choice in ("lesson", "short", "continue"):
            assert f'href="#{choice}"' in note, path
            assert f'id="{choice}"' in page, path
        assert not re.search(r'<svg|<img|role="alert"|autofocus|<dialog|tabindex', note), path


@pytest.mark.parametrize("language", ["en", "fr"])
def test_W1_the_cover_of_a_module_has_a_note_with_choices(language: str) -> None:
    for module in ModulePage.objects.filter(locale__language_code="en"):
        [note] = NOTE.findall(read(address(module.url_path, language=language)))
        said = strip_tags(note[note.index("<p>") : note.index("</p>")])
        assert 10 < len(said.split()) <= 60
        assert note.count("<a ") == 3
        assert not re.search(r'<svg|<img|role="alert"|autofocus|tabindex', note)


def test_W2_a_note_stands_once_where_it_belongs_and_nowhere_else() -> None:
    noted = {kind for (kind, _who), page in read_pages().items() if "content-note" in page}
    assert all(page.count('id="content-note"') <= 1 for page in read_pages().values())
    assert {kind.partition(",")[0] for kind in noted} == {
        "module", "lesson", "lesson with a scenario", "scenario",
    }  # fmt: skip
    assert not [path for path, _language in lessons(sensitive=False) if NOTE.search(read(path))]


def test_W3_skipping_is_the_same_request_and_earns_the_same_certificate_and_record() -> None:
    cast = make_cast()
    unit = add_unit(root_of(cast.organisation), code="N", name="North")
    people = [make_person(name, certificate_name="A Person") for name in ("reads", "skips")]
    for number, person in enumerate(people):
        join(person, unit=unit, name="A Person", staff_number=str(number), at=START)
        client = signed_in(person)
        foundation = find_course("foundation", "en")
        for step in steps_of("foundation", LESSON):
            page = client.get(foundation.entry(step).url).content.decode()
            [action] = re.findall(r'<form method="post" action="(/en/learning/[^"]+)"', page)
            assert client.post(action).status_code == 303
        for step in steps_of("foundation", QUIZ):
            take(person, foundation, step)

    frozen = [
        (one.texts, one.holder, one.issued_on, one.expires_on)
        for one in Certificate.objects.filter(person__in=people)
    ]
    rows = exported(Record.objects.filter(membership__person__in=people))
    assert frozen[0] == frozen[1]
    assert [row[1:11] + row[12:] for row in rows[1:]] == [rows[1][1:11] + rows[1][12:]] * 2


def test_W3_no_question_asks_for_the_story_of_a_lesson() -> None:
    words = re.compile(
        r"\b(scenario|in the (story|lesson|example)|you have just read)\b", re.IGNORECASE
    )
    for question in Question.objects.filter(locale__language_code="en"):
        texts = [question.stem, *question.choices.values_list("text", flat=True)]
        assert not [text for text in texts if words.search(text)], question


def test_W3_every_sensitive_lesson_has_a_short_version() -> None:
    for path, _language in lessons(sensitive=True):
        assert '<details id="short">' in read(path), path


def test_W4_a_session_in_use_has_more_than_an_hour_left() -> None:
    client = signed_in(learner())
    now = timezone.now()
    session = client.session
    session[SESSION_KEY] = (now - timedelta(days=2)).isoformat()
    session.save()
    Session.objects.update(expire_date=now + timedelta(minutes=5))

    client.get(f"/en/{LESSON_PATH}")

    assert Session.objects.get().expire_date - now > timedelta(days=13)
    assert timedelta(seconds=settings.SESSION_COOKIE_AGE) - RENEWED_AFTER > timedelta(hours=1)


def test_W4_a_days_reading_writes_the_session_once() -> None:
    client = signed_in(learner())
    client.get(f"/en/{LESSON_PATH}")
    with connection.execute_wrapper(refuse_writing):
        client.get(f"/en/{LESSON_PATH}")


def refuse_writing(execute: Any, sql: str, *more: Any) -> Any:
    assert not re.match(r"INSERT|UPDATE|DELETE", sql), sql
    return execute(sql, *more)


def test_W4_who_paused_a_quiz_goes_on_at_the_first_open_question() -> None:
    person, quiz = learner(), steps_of("foundation", QUIZ)[0]
    read_lessons(person, "foundation")
    attempt = answer_all(person, "foundation", quiz)
    client, start = signed_in(person), reverse("courses:start", args=["foundation", quiz.key])
    assert client.post(start)["Location"].endswith(f"/{attempt.pk}/check/")
    attempt.items.filter(position=4).update(answered_at=None)
    assert client.post(start)["Location"].endswith(f"/{attempt.pk}/4/")


def test_W4_pausing_is_a_plain_link_on_lesson_quiz_and_question() -> None:
    pages = read_pages()
    pause = '<a href="/en/learning/">Pause and come back later</a>'
    for kind in ("lesson, signed in", "quiz, open", "question, single", "check your answers"):
        assert main_of(pages[kind, "learner"]).count(pause) == 1, kind
    assert "Pause and come back later" in pages["lesson", "visitor"]
    assert "Go on where you were:" in pages["my learning", "learner"]


def test_W5_the_exit_comes_right_after_the_skip_link_on_every_page() -> None:
    for kind, page in read_pages().items():
        first, second = re.findall(r"<a [^>]*>", page)[:2]
        assert 'href="#main"' in first, kind
        assert f'href="{settings.QUICK_EXIT_URL}" rel="nofollow noreferrer"' in second, kind
        assert "Leave this page quickly" in page, kind


@pytest.mark.parametrize("language", ["en", "fr"])
def test_W6_a_learners_titles_tell_nothing(language: str) -> None:
    found = {
        kind: re.findall(r"<title>(.*?)</title>", page, re.DOTALL)[0]
        for (kind, who), page in read_pages(language).items()
        if who != "visitor"
    }
    assert {kind: title for kind, title in found.items() if TELLING.search(title)} == {}
    with translation.override(language):
        lesson, quiz = (
            gettext("Lesson %(number)s of %(total)s"),
            gettext("Quiz %(number)s of %(total)s"),
        )
    assert found["lesson, signed in"].startswith(lesson % {"number": 1, "total": 6})
    assert found["quiz, open"].startswith(quiz % {"number": 1, "total": 1})


def test_W7_every_page_says_whom_to_call() -> None:
    for kind, page in read_pages().items():
        footer = page[page.index("<footer") :]
        # A country's page says its own number wherever it names one.
        number = "133" if kind[0] == "country with records" else settings.EMERGENCY_NUMBER
        assert f"call the emergency number {number} or the police." in footer, kind
        assert 'href="/en/support/"' in footer, kind


def test_W8_every_page_says_that_it_is_no_reporting_channel_and_free_text_says_it_again() -> None:
    for kind, page in read_pages().items():
        assert NOT_REPORTING in page[page.index("<footer") :], kind
        if "<textarea" in main_of(page):
            assert NOT_REPORTING in main_of(page), kind


def typed_by_learners() -> set[str]:
    """Return the name of everything that a visitor or learner can write into."""
    managers = {"manager", "auditor"}
    shown = (page for (_kind, who), page in read_pages().items() if who not in managers)
    found: set[str] = set()
    for page in shown:
        for tag in re.findall(r"<(?:input|textarea)\b[^>]*>", page):
            kind = re.search(r'type="([^"]+)"', tag)
            name = re.search(r'name="([^"]+)"', tag)
            if name and (not kind or kind[1] in {"text", "email", "search", "url", "tel"}):
                found.add(name[1])
    return found - SECRET


def test_W9_no_form_asks_a_learner_about_her_own_life() -> None:
    typed = typed_by_learners()
    assert typed <= set(TYPED)
    pages = [page for (_kind, who), page in read_pages().items() if who != "manager"]
    assert not [page for page in pages if "<textarea" in page]


def test_W9_there_is_neither_forum_nor_comment_nor_message_among_people() -> None:
    social = re.compile(r"comment|forum|chat|thread|inbox|review_of")
    ours = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in {*ROOMS, "tutela"}
    }
    assert not [name for name in ours if social.search(name.lower())]


def test_W10_a_result_that_is_not_yet_one_is_said_kindly() -> None:
    missed = main_of(read_pages()["result, not yet", "learner"])
    assert "<h1>Not yet</h1>" in missed
    assert "status-bad" not in missed


def test_W11_nothing_plays_sounds_counts_down_refreshes_or_flashes() -> None:
    moving = re.compile(r"<(audio|video|marquee|blink|embed|object|iframe)\b|autoplay|http-equiv")
    assert {kind for kind, page in read_pages().items() if moving.search(page)} == set()


def test_W12_no_column_could_hold_a_welfare_choice() -> None:
    tell = re.compile(
        r"(^|_)(note|short|skip|skipped|exit|pause|paused|path|node|seconds|spent|visited|opened"
        r"|viewed|read|scroll)(_|$)"
    )
    rooms = {*ROOMS, "tutela"}
    ours = [model for model in apps.get_models() if model.__module__.partition(".")[0] in rooms]
    found = {
        f"{model.__name__}.{field.name}"
        for model in ours
        for field in model._meta.concrete_fields
        if tell.search(field.name) and not issubclass(model, Page)
    }
    # What a releaser or a manager writes about a release or a record; where a unit stands; what
    # editors say of a term and of a country's law.
    assert found == {
        *("CourseRelease.note", "RecordEvent.note", "Unit.path"),
        *("Term.note", "NationalInformation.data_protection_note"),
    }


def test_W13_a_sensitive_lesson_ends_with_a_minute_support_and_something_light() -> None:
    for path, language in lessons(sensitive=True):
        page = read(path)
        end = page[page.index("panel-sunken", page.rindex("Sources") if language == "en" else 0) :]
        end = end[: end.index('id="continue"')]
        assert f'href="/{language}/support/"' in end, path
        course = re.findall(rf'href="(/{language}/courses/[\w-]+/)"', end)
        assert len(course) == 1, path
        if language == "en":
            assert "Take a minute for it." in end
    for path, _language in lessons(sensitive=False):
        assert "/support/" not in main_of(read(path))


def test_W14_the_cms_leads_trainers_to_their_own_welfare() -> None:
    page = signed_in(make_person("author", AUTHORS)).get("/cms/").content.decode()
    assert "/en/trainers-welfare/" in page


def exported(records: RecordQuerySet) -> list[list[str]]:
    content = b"".join(write_csv(records, language="en", on=date(2027, 1, 1)))
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_W15_an_export_is_the_same_however_often_somebody_tried() -> None:
    cast = make_cast()
    people = [make_person(name, certificate_name="A Person") for name in ("once", "often")]
    for number, person in enumerate(people):
        unit = root_of(cast.organisation)
        join(person, unit=unit, name="A Person", staff_number=str(number), at=START)
        read_lessons(person, "foundation")
        if number:
            quiz = steps_of("foundation", QUIZ)[0]
            take(person, find_course("foundation", "en"), quiz, right=False)
        complete(person, "foundation", at=AT)
    assert Attempt.objects.filter(sitting__person=people[1]).count() == 3

    head, once, often = exported(Record.objects.filter(membership__person__in=people))

    told = ("staff number", "certificate")  # each person's own
    kept = [place for place, name in enumerate(head) if name.lower() not in told]
    assert [once[place] for place in kept] == [often[place] for place in kept]
    assert not [
        name for name in head if re.search(r"score|point|attempt|time|answer", name, re.IGNORECASE)
    ]


def test_W15_an_organisation_sees_no_score_attempt_or_time() -> None:
    seen = [
        strip_tags(main_of(page))
        for (_kind, who), page in read_pages().items()
        if who in {"manager", "auditor"}
    ]
    words = re.compile(r"\b(scores?|points?|attempts?|minutes|not yet passed)\b", re.IGNORECASE)
    assert len(seen) > 5
    assert not [text for text in seen if words.search(text)]
