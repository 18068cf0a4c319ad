"""A database that cannot commit gets an honest answer, and loses nothing that was typed."""

from __future__ import annotations

from errno import EDQUOT, ENOENT, ENOSPC, EROFS

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from tests.kit.pages import faults_of
from tutela.kit.failures import is_database_failure, is_store_failure, kept_fields


def save(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database or disk is full")


def break_down(request: HttpRequest) -> HttpResponse:
    raise ValueError


handler500 = "tutela.kit.views.server_error"
urlpatterns = [path("save/", save), path("broken/", break_down)]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError(), True),
        (InterfaceError(), True),
        (IntegrityError(), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_which_errors_are_the_databases(error: Exception | None, expected: bool) -> None:
    assert is_database_failure(error) is expected


@pytest.mark.parametrize(
    ("posted", "kept"),
    [
        ({"a": ["1", "2"], "csrfmiddlewaretoken": "t"}, [("a", "1"), ("a", "2")]),
        ({"csrfmiddlewaretoken": "t"}, []),
        ({"login": "x", "password": "y"}, None),
        ({"name": "x", "New-Password2": "y"}, None),
    ],
)
def test_kept_fields(
    rf: RequestFactory, posted: dict[str, object], kept: list[tuple[str, str]] | None
) -> None:
    assert kept_fields(rf.post("/save/", posted)) == kept


@pytest.mark.parametrize(
    ("number", "expected"), [(ENOSPC, True), (EDQUOT, True), (EROFS, True), (ENOENT, False)]
)
def test_a_full_disk_is_a_store_that_failed(number: int, expected: bool) -> None:
    assert is_store_failure(OSError(number, "of the disk")) is expected


def test_a_file_cannot_be_kept(rf: RequestFactory) -> None:
    file = SimpleUploadedFile("list.csv", b"a,b")

    assert kept_fields(rf.post("/save/", {"file": file})) is None


def test_reading_keeps_nothing(rf: RequestFactory) -> None:
    assert kept_fields(rf.get("/save/?a=1")) is None


@pytest.mark.urls(__name__)
def test_answers_are_kept_in_the_form(client: Client) -> None:
    response = client.post("/save/", {"answer": 'a "word" <b>', "note": "one\ntwo"})

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "no-store" in response["Cache-Control"]
    assert (
        '<input type="hidden" name="answer" value="a &quot;word&quot; &lt;b&gt;">' in response.text
    )
    assert '<input type="hidden" name="note" value="one\ntwo">' in response.text
    assert '<form method="post">' in response.text
    assert "csrfmiddlewaretoken" in response.text
    assert faults_of(response.text) == []


@pytest.mark.urls(__name__)
def test_a_password_is_not_put_into_the_page(client: Client) -> None:
    response = client.post("/save/", {"login": "a@example.org", "password": "hidden words"})

    assert response.status_code == 503
    assert "hidden words" not in response.text
    assert "<form" not in response.text


@pytest.mark.urls(__name__)
def test_reading_gets_503_too(client: Client) -> None:
    response = client.get("/save/")

    assert response.status_code == 503
    assert "The service cannot answer just now" in response.text


@pytest.mark.urls(__name__)
def test_any_other_error_stays_an_error(client: Client) -> None:
    client.raise_request_exception = False

    response = client.get("/broken/")

    assert response.status_code == 500
    assert "Something went wrong here" in response.text
    assert "ValueError" not in response.text
