"""What stands on every page, and on the pages for errors."""

from __future__ import annotations

from typing import cast

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils.functional import SimpleLazyObject
from django.views.defaults import page_not_found

from tests.kit.pages import Reader, faults_of

ERRORS = ["400", "403", "403_csrf", "404", "410", "429", "500", "503"]


def base(rf: RequestFactory, path: str = "/en/courses/", **context: object) -> str:
    request: HttpRequest = rf.get(path)
    request.user = AnonymousUser()
    return render_to_string("kit/base.html", context, request)


def test_page_is_sound(rf: RequestFactory) -> None:
    assert faults_of(base(rf)) == []


def test_page_says_what_every_page_says(rf: RequestFactory) -> None:
    texts = Reader(base(rf)).texts

    assert "If a child is in danger now, call the emergency number 112 or the police." in texts
    assert "This site is not a reporting channel." in texts


# A7, A19
def test_quick_exit_is_a_plain_link_right_after_the_skip_link(rf: RequestFactory) -> None:
    html = base(rf)

    links = [part.split(">")[0] for part in html.split("<a ")[1:4]]
    assert 'href="#main"' in links[0]
    assert 'href="https://www.wikipedia.org/" rel="nofollow noreferrer"' in links[1]


def test_visitor_gets_no_token(rf: RequestFactory) -> None:
    html = base(rf)

    assert "csrfmiddlewaretoken" not in html
    assert 'method="post"' not in html


@pytest.mark.parametrize(("indexed", "count"), [(True, 0), (False, 1)])
def test_only_pages_that_say_so_are_indexed(rf: RequestFactory, indexed: bool, count: int) -> None:
    assert base(rf, indexed=indexed).count('<meta name="robots" content="noindex">') == count


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/en/courses/policing/", 'href="/fr/courses/policing/" lang="fr" hreflang="fr" dir="ltr"'),
        ("/accounts/login/", 'href="/accounts/login/?lang=fr" lang="fr" hreflang="fr" dir="ltr"'),
    ],
)
def test_language_link_leads_to_the_same_page(rf: RequestFactory, path: str, link: str) -> None:
    assert link in base(rf, path)


@override_settings(DEMONSTRATION=True)
def test_demonstration_is_open_about_being_one(rf: RequestFactory) -> None:
    assert "This is a demonstration." in base(rf)


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_needs_nothing(name: str) -> None:
    html = render_to_string(f"{name}.html")

    assert faults_of(html) == []
    assert Reader(html).tags.count("h1") == 1


def test_missing_page_asks_neither_database_nor_session(rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/en/nowhere/")
    nobody = SimpleLazyObject(lambda: pytest.fail("the page asked who is reading"))
    request.user = cast("AnonymousUser", nobody)

    response = page_not_found(request, Http404())

    assert response.status_code == 404
    assert Reader(response.text).texts.count("This page does not exist") == 1


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("/en/courses/", ' aria-current="page"'),
        ("/en/courses/policing/", ' aria-current="true"'),
        ("/en/", ""),
    ],
)
def test_menu_says_where_the_reader_is(rf: RequestFactory, path: str, mark: str) -> None:
    tag = Template("{% current '/en/courses/' %}")

    assert tag.render(Context({"request": rf.get(path)})) == mark
