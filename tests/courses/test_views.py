"""Reading without an account, learning with one; nothing but POST changes anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from courses.enrolling import enrol, released, start_quiz
from courses.models import (
    Completion,
    CourseLanguage,
    CoursePage,
    Enrolment,
    Review,
    StepProgress,
)
from courses.outline import LESSON, QUIZ
from courses.releasing import release_language
from courses.sources import address
from quizzes.models import Attempt
from tests.kit.pages import Reader
from tests.people import signed_in

from .scene import (
    AT,
    LESSON_PATH,
    complete,
    learner,
    lesson,
    pass_quizzes,
    publish,
    read_lessons,
    steps_of,
)

if TYPE_CHECKING:
    from courses.outline import Step

pytestmark = pytest.mark.usefixtures("curriculum")
COURSE, QUIZ_PATH = "courses/foundation/", "courses/foundation/respond/quiz/"
OURS = (
    "courses",
    "quizzes",
    "certificates",
    "organisations",
    "accounts",
    "wagtailcore",
    "sessions",
)


def everywhere() -> list[str]:
    """Return the address of every page in both languages, and those of sectors."""
    sources = Page.objects.filter(locale__language_code="en", live=True, depth__gt=1)
    paths = sources.values_list("url_path", flat=True)
    pages = [address(path, language=code) for path in paths for code in ("en", "fr")]
    return [*pages, "/en/sectors/policing/", "/fr/sectors/tourism/", "/en/courses/?sector=policing"]


def rows() -> dict[str, int]:
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return {model._meta.label: model._default_manager.count() for model in models}


def text(response: Any) -> str:
    return str(response.content.decode())


def continue_url(step: Step, course: str = "foundation", language: str = "en") -> str:
    url = reverse("courses:continue", args=[course, step.key])
    return url.replace("/en/", f"/{language}/", 1)


def test_everything_is_read_without_an_account_or_cookie() -> None:
    client, before = signed_in(None), rows()
    for url in everywhere():
        response = client.get(url)
        assert response.status_code == 200, url
        assert not response.cookies, url
        assert "Cookie" not in response.headers.get("Vary", ""), url
        assert 'name="csrfmiddlewaretoken"' not in text(response), url
    assert rows() == before


def test_a_second_reader_is_answered_from_the_cache() -> None:
    for url in (f"/fr/{LESSON_PATH}", "/fr/", "/fr/courses/", f"/fr/{COURSE}"):
        first = signed_in(None).get(url)
        with CaptureQueriesContext(connection) as queries:
            second = signed_in(None).get(url)
        assert len(queries) == 0
        assert second.content == first.content
        assert "s-maxage" in second.headers["Cache-Control"]


def test_a_learners_reading_changes_nothing() -> None:
    person = learner()
    complete(person, "foundation")
    read_lessons(person, "policing", but=2)
    client = signed_in(person)
    before = rows()
    for url in [*everywhere(), "/fr/learning/", "/en/learning/"]:
        response = client.get(url)
        assert response.status_code == 200, url
        assert "no-store" in response.headers["Cache-Control"], url
    assert rows() == before


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_only_read(method: str) -> None:
    client = signed_in(learner())
    for url in (f"/en/{LESSON_PATH}", "/en/learning/", "/en/sectors/policing/"):
        assert getattr(client, method)(url).status_code == 405
        assert client.head(url).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "/en/courses/ghost/",
        "/fr/ghost/",
        "/en/sectors/fishing/",
        "/pt/courses/",
        "/xx/",
        "/en/courses",
    ],
)
def test_what_is_nowhere_is_not_found(url: str) -> None:
    client = signed_in(None)
    answer = client.get(url, follow=True)
    assert answer.status_code == (200 if url == "/en/courses" else 404)


def posts() -> list[str]:
    return [
        reverse("courses:enrol", args=["foundation"]),
        continue_url(steps_of("foundation", LESSON)[0]),
        reverse("courses:start", args=["foundation", steps_of("foundation", QUIZ)[0].key]),
    ]


def test_only_a_signed_in_person_posts() -> None:
    client, before = signed_in(None), rows()
    for url in posts():
        answer = client.post(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/?next=/en/courses/foundation/")
        assert client.get(url).status_code == 405
        assert signed_in(learner(url.split("/")[-2][:8] + "x")).get(url).status_code == 405
    assert {**rows(), "accounts.User": 0, "sessions.Session": 0} == {
        **before, "accounts.User": 0, "sessions.Session": 0,
    }  # fmt: skip


def test_a_post_without_a_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.force_login(learner(), backend=settings.AUTHENTICATION_BACKENDS[0])
    for url in posts():
        assert client.post(url).status_code == 403
    assert Enrolment.objects.exists() is False


def test_the_way_through_a_course() -> None:
    client = signed_in(learner())
    answer = client.post(posts()[0])
    assert (answer.status_code, answer["Location"]) == (
        303, "/en/courses/foundation/recognise/children-and-exploitation/",
    )  # fmt: skip
    for step in steps_of("foundation", LESSON)[:4]:
        answer = client.post(continue_url(step))
    assert answer["Location"] == "/en/courses/foundation/recognise/quiz/"
    assert "Start the quiz" in text(client.get(answer["Location"]))
    answer = client.post(posts()[2])
    attempt = Attempt.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/en/learning/attempts/{attempt.pk}/1/",
    )
    assert client.post(posts()[2])["Location"] == answer["Location"]


@pytest.mark.parametrize("course", ["foundation", "ghost"])
def test_a_step_that_is_not_the_courses_is_not_found(course: str) -> None:
    client, step = signed_in(learner()), steps_of("policing", LESSON)[0]
    assert client.post(continue_url(step, course)).status_code == 404
    assert client.post(reverse("courses:start", args=[course, step.key])).status_code == 404
    assert Enrolment.objects.exists() is False


def test_a_quiz_that_is_not_open_says_what_is_missing() -> None:
    person, [quiz] = learner(), steps_of("policing", QUIZ)
    client = signed_in(person)
    read_lessons(person, "policing", but=1)
    url = reverse("courses:start", args=["policing", quiz.key])
    page = client.post(url, follow=True)
    assert page.redirect_chain == [("/en/courses/policing/first-response/quiz/", 303)]
    for said in ("This quiz is not open yet.", lesson("P6").title, "/en/courses/foundation/"):
        assert said in text(page)
    assert lesson("P5").title in text(page)
    assert Attempt.objects.exists() is False


# A12
def test_the_name_is_asked_before_the_first_quiz() -> None:
    person = learner(certificate_name="")
    read_lessons(person, "foundation")
    answer = signed_in(person).post(posts()[2])
    assert (answer.status_code, answer["Location"]) == (
        303, "/en/learning/certificates/name/?next=%2Fen%2Fcourses%2Ffoundation%2Frecognise%2Fquiz%2F",
    )  # fmt: skip


def test_a_bank_that_is_too_small_is_an_honest_answer(caplog: pytest.LogCaptureFixture) -> None:
    from quizzes.models import Question

    person = learner()
    read_lessons(person, "foundation")
    Question.objects.filter(bank="foundation-1").update(live=False)
    page = signed_in(person).post(posts()[2], follow=True)
    assert page.redirect_chain[0][1] == 303
    assert "This quiz cannot be started: it has too few questions." in text(page)
    assert "is too small" in caplog.text


def test_a_passed_quiz_leads_on() -> None:
    person = learner()
    read_lessons(person, "foundation")
    pass_quizzes(person, "foundation", but=1)
    client = signed_in(person)
    assert client.post(posts()[2])["Location"] == "/en/courses/foundation/recognise/quiz/"
    page = text(client.get("/en/courses/foundation/recognise/quiz/"))
    assert "You have passed this quiz." in page
    assert lesson("F5").url in page


def test_the_language_changes_in_the_middle_and_the_place_stays() -> None:
    person = learner()
    client = signed_in(person)
    lessons = steps_of("foundation", LESSON)
    client.post(continue_url(lessons[0]))
    answer = client.post(continue_url(lessons[1], language="fr"))
    assert answer["Location"] == "/fr/courses/foundation/recognise/how-exploitation-works/"
    assert StepProgress.objects.filter(enrolment__person=person).count() == 2
    for language in ("en", "fr"):
        page = text(client.get(f"/{language}/{COURSE}"))
        assert page.count('class="status status-done"') == 2
        assert f"/{language}/courses/foundation/recognise/how-exploitation-works/" in page


def test_nobody_sees_what_another_person_did() -> None:
    busy, other = learner(), learner("other")
    complete(busy, "foundation")
    client = signed_in(other)
    assert 'status-done"' not in text(client.get(f"/en/{COURSE}"))
    assert "You completed this course" not in text(client.get(f"/en/{COURSE}"))
    assert "/learning/attempts/" not in text(client.get(f"/en/{QUIZ_PATH}"))
    assert "You are not enrolled in a course yet." in text(client.get("/en/learning/"))
    enrol(other, course="foundation", at=AT)
    assert 'status-done"' not in text(client.get(f"/en/{COURSE}"))
    assert "/learning/attempts/" not in text(client.get(f"/en/{QUIZ_PATH}"))


def test_a_learner_sees_where_she_stands() -> None:
    person = learner()
    complete(person, "foundation")
    read_lessons(person, "policing", but=4)
    client = signed_in(person)
    learning = text(client.get("/fr/learning/"))
    assert CoursePage.objects.get(code="policing", locale__language_code="fr").title in learning
    assert "/fr/courses/policing/first-response/interviewing-is-a-specialist-task/" in learning
    assert "/fr/learning/certificates/" in learning
    assert "You completed this course on 1 December 2026" in text(client.get(f"/en/{COURSE}"))
    attempt = Attempt.objects.order_by("-pk")[0]
    assert f"/en/learning/attempts/{attempt.pk}/result/" in text(client.get(f"/en/{QUIZ_PATH}"))


# A19
def test_reading_in_short_or_skipping_sends_the_same_request() -> None:
    person = learner()
    page = text(signed_in(person).get(f"/en/{LESSON_PATH}"))
    forms = re.findall(
        r'<form method="post" action="(/en/learning/[^"]+)">(.*?)</form>', page, re.DOTALL
    )
    assert len(forms) == 1
    [(action, body)] = forms
    assert action == continue_url(steps_of("foundation", LESSON)[4])
    assert re.findall(r'name="([^"]+)"', body) == ["csrfmiddlewaretoken"]
    inside = page[page.index("<article") : page.index('id="continue"')]
    assert "<form" not in inside
    assert "<input" not in inside
    assert inside.count('href="#continue"') == 2  # skip, and the short version's end
    assert '<details id="short">' in inside


def test_a_story_is_a_graph_of_fragments_that_all_work() -> None:
    page = text(signed_in(None).get(f"/fr/courses/policing/first-response/{lesson('P5').slug}/"))
    html = page[page.index('<div class="scenario"') :]
    ids, links = re.findall(r' id="([^"]+)"', html), re.findall(r'href="#([^"]+)"', html)
    [story] = [child.value for child in lesson("P5").body if child.block_type == "scenario"]
    nodes = {node["node"] for node in story["nodes"]}
    choices = {
        f"{node['node']}-{n}" for node in story["nodes"] for n, _ in enumerate(node["choices"], 1)
    }
    assert len(ids) == len(set(ids))
    assert nodes | choices <= set(ids)
    assert nodes | choices <= set(links) <= set(ids)


@pytest.mark.parametrize(
    ("path", "trail"),
    [
        ("courses/foundation/", ["Courses", "Foundation"]),
        (LESSON_PATH, ["Courses", "Foundation", "When a child tells you"]),
    ],
)
def test_breadcrumbs_lead_from_all_courses_to_the_page(path: str, trail: list[str]) -> None:
    page = text(signed_in(None).get(f"/en/{path}"))

    crumbs = page.partition('<nav class="breadcrumbs"')[2].partition("</nav>")[0]
    assert Reader(f"<nav{crumbs}</nav>").texts == trail
    assert crumbs.count("<a ") == len(trail) - 1


def test_a_language_that_is_not_offered_is_told_and_marked() -> None:
    CourseLanguage.objects.get(course__code="foundation", locale="fr").delete()
    page = text(signed_in(None).get(f"/fr/{LESSON_PATH}"))
    english = lesson("F5")
    assert '<html lang="fr" dir="ltr">' in page
    assert f'<h1><span lang="en" dir="ltr">{english.title}</span></h1>' in page
    assert f"<title>{english.title} – " in page
    assert '<div class="notice" role="note">' in page
    assert page.count('<div lang="en" dir="ltr">') == 3  # the text, the example, the short version


# A15
def test_a_text_that_is_missing_is_the_sources_and_marked() -> None:
    french = lesson("F5", "fr")
    kept = [block for block in french.body.raw_data if block["type"] != "in_my_role"]
    french.body = kept
    french.short_version = ""  # type: ignore[assignment]
    publish(french)
    english = lesson("F5")
    page = text(signed_in(None).get(f"/fr/{LESSON_PATH}"))
    role = next(str(child.value) for child in english.body if child.block_type == "in_my_role")
    assert f"<h1>{french.title}</h1>".replace("'", "&#x27;") in page
    assert '<span lang="en" dir="ltr">' in page
    assert role[:20] in page
    assert '<div class="prose"><div lang="en" dir="ltr">' in page


@pytest.mark.parametrize("path", [COURSE, LESSON_PATH])
def test_a_text_that_falls_back_is_marked_in_the_page_and_plain_in_its_head(path: str) -> None:
    page = text(signed_in(None).get(f"/ru/{path}"))
    head, _, body = page.partition("</head>")
    described = re.search(r'<meta name="description" content="([^"<>]{20,})">', head)
    assert described
    assert f'<span lang="en" dir="ltr">{described[1]}</span>' in body


def test_an_unreviewed_text_says_so() -> None:
    for url in (
        f"/en/{LESSON_PATH}",
        f"/en/{COURSE}",
        f"/en/{QUIZ_PATH}",
        "/en/courses/foundation/respond/",
    ):
        assert "Text not yet reviewed by a professional." in text(signed_in(None).get(url))
    release = released("foundation")
    release_language(
        release, language="en", at=AT, review=Review.PROFESSIONAL, reviewed_by="Dr Reader"
    )
    page = text(signed_in(None).get(f"/en/{COURSE}"))
    assert "Text not yet reviewed" not in page
    assert "Dr Reader" in page


def counted(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [(f"/fr/{COURSE}", 8), (f"/en/{COURSE}", 8), (f"/fr/{LESSON_PATH}", 7), (f"/fr/{QUIZ_PATH}", 8),
     ("/fr/courses/", 6), ("/fr/", 6), ("/fr/about/", 6)],
)  # fmt: skip
@pytest.mark.parametrize("done", [1, 3])
def test_a_page_costs_the_same_queries_however_much_was_done(
    url: str, allowed: int, done: int
) -> None:
    person = learner()
    read_lessons(person, "foundation", but=8 - done)
    if done == 3:
        enrol(person, course="policing", at=AT)
        read_lessons(learner("other"), "foundation")
    assert counted(signed_in(person), url) == allowed


@pytest.mark.parametrize("courses", [["foundation"], ["foundation", "policing"]])
def test_my_learning_costs_the_same_queries_for_every_course(courses: list[str]) -> None:
    person = learner()
    for code in courses:
        read_lessons(person, code, but=3)
    assert counted(signed_in(person), "/fr/learning/") == 4


def test_restarting_in_another_language_keeps_the_attempt() -> None:
    person, quiz = learner(), steps_of("foundation", QUIZ)[0]
    read_lessons(person, "foundation")
    attempt = start_quiz(person, course="foundation", step=quiz.key, language="en", at=AT)
    url = reverse("courses:start", args=["foundation", quiz.key]).replace("/en/", "/fr/", 1)
    answer = signed_in(person).post(url)
    assert answer["Location"] == f"/fr/learning/attempts/{attempt.pk}/1/"
    assert Completion.objects.exists() is False


def test_what_a_browser_claims_is_not_believed() -> None:
    person = learner()
    client = signed_in(person)
    data: dict[str, Any] = {"done": "1", "passed": "1", "person": "1", "next": "//evil.example"}
    answer = client.post(continue_url(steps_of("foundation", LESSON)[0]), data)
    assert answer["Location"] == "/en/courses/foundation/recognise/words-matter/"
    assert StepProgress.objects.get().enrolment.person == person
