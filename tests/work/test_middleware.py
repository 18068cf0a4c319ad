"""One line and one count a request, a number for each, and no query."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from tutela.kit.logs import request_id
from tutela.work.counting import own
from tutela.work.middleware import WatchMiddleware

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

GIVEN = "a-proxys-own-number"


def answer(request: HttpRequest, status: int = 200) -> HttpResponse:
    response = HttpResponse(status=status)
    response.headers["seen"] = request_id.get()
    return response


def counted(method: str, route: str, status: str) -> float:
    labels = {"method": method, "route": route, "status": status}
    return own.get_sample_value("tutela_requests_total", labels) or 0


def test_a_request_is_counted_by_kind_alone(rf: RequestFactory) -> None:
    before = counted("GET", "page", "2xx"), counted("other", "page", "2xx")

    WatchMiddleware(answer)(rf.get("/en/help/at/?why=hidden"))
    WatchMiddleware(answer)(rf.generic("BREW", "/en/"))

    after = counted("GET", "page", "2xx"), counted("other", "page", "2xx")
    assert after == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize(("status", "level"), [(200, "INFO"), (404, "INFO"), (503, "WARNING")])
def test_a_request_has_one_line(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture, status: int, level: str
) -> None:
    with caplog.at_level(logging.INFO, logger="tutela.requests"):
        WatchMiddleware(lambda request: answer(request, status))(rf.post("/en/help/at/"))

    [line] = caplog.records
    told = (line.levelname, line.__dict__["method"], line.__dict__["route"])
    assert (*told, line.__dict__["status"]) == (level, "POST", "page", status)


def test_the_number_of_a_request_is_known_meanwhile_and_returned(rf: RequestFactory) -> None:
    response = WatchMiddleware(answer)(rf.get("/en/"))

    assert len(response["X-Request-ID"]) == 32
    assert (response["seen"], request_id.get()) == (response["X-Request-ID"], "")


@pytest.mark.parametrize(
    ("proxies", "given", "believed"),
    [(1, GIVEN, True), (0, GIVEN, False), (1, "ada@example.org", False), (1, "short", False)],
)
def test_a_number_is_believed_of_a_proxy(
    rf: RequestFactory, settings: Settings, proxies: int, given: str, believed: bool
) -> None:
    settings.NUMBER_OF_PROXIES = proxies

    response = WatchMiddleware(answer)(rf.get("/en/", headers={"X-Request-ID": given}))

    assert (response["X-Request-ID"] == given) is believed


@pytest.mark.django_db
def test_the_site_answers_with_a_number_and_asks_nothing_for_it(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert len(response["X-Request-ID"]) == 32
