"""Logs and metrics cannot tell a lesson from a help page."""

from __future__ import annotations

import pytest

from tutela.kit.routes import NAMES, route_of


@pytest.mark.parametrize(
    "path",
    [
        "/en/courses/foundation/respond/when-a-child-tells-you/",
        "/en/help/at/",
        "/fr/help/",
        "/ru/help-for-children/",
        "/en/leaving-quickly/",
        "/en/worried-about-yourself/",
        "/en/search/",
        "/en/learning/",
        "/en/learning/foundation/lessons/3/",
        "/en/",
        "/",
        "/no-such-thing",
        "",
        "//",
    ],
)
def test_whatever_is_read_is_a_page(path: str) -> None:
    assert route_of(path) == "page"


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/cms/users/edit/3/", "cms"),
        ("/accounts/login/code/", "account"),
        ("/en/learning/attempts/7/1/", "quiz"),
        ("/de/learning/certificates/ABC/", "certificate"),
        ("/verify/ABC/", "verify"),
        ("/en/organisations/ours/people/", "organisation"),
        ("/static/kit/css/tutela.css", "file"),
        ("/healthz", "watch"),
    ],
)
def test_what_is_done_has_a_route(path: str, route: str) -> None:
    assert route_of(path) == route
    assert route in NAMES
