"""Who is answered from the page cache, and what every answer carries."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tutela.kit.middleware import (
    PageCacheMiddleware,
    PolicyMiddleware,
    cacheable,
    empty_page_cache,
)

PUBLIC = "public, max-age=0, s-maxage=300, must-revalidate"


class CountedView:
    """A public page that says how often it was made."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, _request: HttpRequest) -> HttpResponse:
        self.calls += 1
        return cacheable(HttpResponse(f"made {self.calls} times"))


@pytest.fixture
def view() -> CountedView:
    return CountedView()


@pytest.fixture
def cached(view: CountedView) -> PageCacheMiddleware:
    return PageCacheMiddleware(view)


def test_visitor_is_answered_from_the_cache(
    rf: RequestFactory, cached: PageCacheMiddleware, view: CountedView
) -> None:
    answers = [cached(rf.get("/en/")) for _ in range(3)]

    assert view.calls == 1
    assert {answer.content for answer in answers} == {b"made 1 times"}
    assert {answer["Cache-Control"] for answer in answers} == {PUBLIC}


@pytest.mark.parametrize("cookie", [settings.SESSION_COOKIE_NAME, "messages"])
def test_whoever_is_known_passes_the_cache_by(
    rf: RequestFactory, cached: PageCacheMiddleware, view: CountedView, cookie: str
) -> None:
    cached(rf.get("/en/"))
    rf.cookies[cookie] = "something"

    answer = cached(rf.get("/en/"))

    assert answer.content == b"made 2 times"
    assert answer["Cache-Control"] == "private, no-store"


def test_answer_of_a_known_person_is_never_kept(
    rf: RequestFactory, cached: PageCacheMiddleware, view: CountedView
) -> None:
    rf.cookies[settings.SESSION_COOKIE_NAME] = "something"
    cached(rf.get("/en/"))
    rf.cookies.clear()

    assert cached(rf.get("/en/")).content == b"made 2 times"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/en/?page=2"), ("POST", "/en/"), ("PUT", "/en/")]
)
def test_only_plain_reading_is_cached(
    rf: RequestFactory, cached: PageCacheMiddleware, view: CountedView, method: str, path: str
) -> None:
    for _ in range(2):
        cached(rf.generic(method, path))

    assert view.calls == 2


def test_same_etag_gets_304(rf: RequestFactory, cached: PageCacheMiddleware) -> None:
    first = cached(rf.get("/en/"))

    second = cached(rf.get("/en/", HTTP_IF_NONE_MATCH=first["ETag"]))

    assert second.status_code == 304
    assert second.content == b""
    assert second["ETag"] == first["ETag"]


def test_publishing_empties(
    rf: RequestFactory, cached: PageCacheMiddleware, view: CountedView
) -> None:
    cached(rf.get("/en/"))
    empty_page_cache()

    assert cached(rf.get("/en/")).content == b"made 2 times"


@pytest.mark.parametrize(("seconds", "kept"), [(7, 7), (300, 300), (9_000, 300)])
def test_a_page_is_kept_as_long_as_it_says_and_no_longer_than_others(
    rf: RequestFactory, seconds: int, kept: int
) -> None:
    cached = PageCacheMiddleware(lambda _: cacheable(HttpResponse(), seconds=seconds))

    assert f"s-maxage={kept}," in cached(rf.get("/en/"))["Cache-Control"]


def test_what_holds_no_longer_is_not_kept(rf: RequestFactory) -> None:
    cached = PageCacheMiddleware(lambda _: cacheable(HttpResponse(), seconds=0))

    assert cached(rf.get("/en/"))["Cache-Control"] == "private, no-store"


def test_hosts_do_not_share(
    rf: RequestFactory, cached: PageCacheMiddleware, view: CountedView
) -> None:
    cached(rf.get("/en/", HTTP_HOST="localhost"))
    cached(rf.get("/en/", HTTP_HOST="127.0.0.1"))

    assert view.calls == 2


def test_answer_that_sets_a_cookie_is_not_kept(rf: RequestFactory) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        response = cacheable(HttpResponse())
        response.set_cookie("token", "secret")
        return response

    answer = PageCacheMiddleware(view)(rf.get("/en/"))

    assert answer["Cache-Control"] == "private, no-store"


def test_answer_that_does_not_offer_itself_is_private(rf: RequestFactory) -> None:
    answer = PageCacheMiddleware(lambda _: HttpResponse())(rf.get("/en/"))

    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("path", "inline"), [("/en/", False), ("/accounts/login/", False), ("/cms/", True)]
)
def test_only_the_cms_may_run_inline_code(rf: RequestFactory, path: str, inline: bool) -> None:
    request = rf.get(path)
    answer = PolicyMiddleware(lambda _: HttpResponse()).process_response(request, HttpResponse())

    assert ("'unsafe-inline'" in answer["Content-Security-Policy"]) is inline
    assert "nonce" not in answer["Content-Security-Policy"]
    assert answer["Permissions-Policy"].startswith("camera=()")
