"""Requests that no browser of ours sends: nothing answers 500, leads elsewhere or leaks a trace."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from tests.stage import MARKS, Stage, ask, set_stage

pytestmark = MARKS

# Percent-encoded, as they come: some are no text at all.
VALUES = {
    "nothing": "",
    "a NUL byte": "%00",
    "a NUL byte in a word": "a%00b",
    "half a character": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "a line break": "a%0D%0ASet-Cookie:%20evil=1",
    "a huge number": "9" * 30,
    "one number too many": str(2**63),
    "a negative number": "-1",
    "digits of another script": quote("٣"),
    "a quotation": quote("' OR 1=1 --"),
    "a script": quote("<script>alert(1)</script>"),
    "another direction": quote("a\u202eb"),
    "wildcards": quote("%_\\*"),
    "parents": "..%2F..%2F..%2Fetc%2Fpasswd",
    "another site": "%2F%2Fevil.example",
    "another site, backslashed": "%5C%5Cevil.example",
    "another site, with a tab": "%2F%09%2Fevil.example",
    "another scheme": "javascript:alert(1)",
    "a million letters": "a" * 1_000_000,
}
# Who asks, and where each value is put: into a query, or into the path.
QUESTIONS = [
    ("visitor", "/verify/?code={}"),
    ("visitor", "/verify/?code=x&lang={}"),
    ("visitor", "/verify/{{code}}/?holder={}"),
    ("visitor", "/verify/{}/"),
    ("visitor", "/en/courses/?sector={}"),
    ("visitor", "/en/courses/?{}"),
    ("visitor", "/en/sectors/{}/"),
    ("visitor", "/en/{}/"),
    ("visitor", "/{}/"),
    ("visitor", "/{}"),
    ("visitor", "/media/images/{}"),
    ("visitor", "/documents/{}/leaflet.pdf"),
    ("visitor", "/documents/{{document}}/{}"),
    ("visitor", "/accounts/login/?next={}"),
    ("visitor", "/accounts/reset/{}/"),
    ("visitor", "/cms/login/?next={}"),
    ("visitor", "/cms/{}/"),
    ("visitor", "/en/_util/login/?next={}"),
    ("visitor", "/en/organisations/join/{}/"),
    ("learner", "/accounts/login/?next={}"),
    ("learner", "/accounts/preferences/?lang={}"),
    ("learner", "/accounts/reauthenticate/?next={}"),
    ("learner", "/en/learning/certificates/name/?next={}"),
    ("learner", "/en/learning/certificates/{}/"),
    ("learner", "/en/learning/certificates/{{code}}/{}.pdf"),
    ("learner", "/en/learning/attempts/{{open}}/1/?change={}"),
    ("learner", "/en/learning/attempts/{}/1/"),
    ("learner", "/en/learning/attempts/{{open}}/{}/"),
    ("learner", "/accounts/2fa/webauthn/keys/{}/remove/"),
    ("manager", "/en/organisations/{}/"),
    ("manager", "/en/organisations/ours/people/?q={}"),
    ("manager", "/en/organisations/ours/people/?unit={}"),
    ("manager", "/en/organisations/ours/people/?course={}"),
    ("manager", "/en/organisations/ours/people/?page={}"),
    ("manager", "/en/organisations/ours/records/?course={}"),
    ("manager", "/en/organisations/ours/records/?unit={}"),
    ("manager", "/en/organisations/ours/records/?from={}"),
    ("manager", "/en/organisations/ours/records/?page={}"),
    ("manager", "/en/organisations/ours/records/export.csv?until={}"),
    ("manager", "/en/organisations/ours/records/export.xlsx?unit={}"),
    ("manager", "/en/organisations/ours/invitations/?page={}"),
    ("manager", "/en/organisations/ours/members/{}/move/"),
    ("administrator", "/cms/certificates/?code={}"),
    ("administrator", "/cms/certificates/{}/revoke/"),
    ("administrator", "/cms/snippets/quizzes/question/?q={}"),
    ("administrator", "/cms/pages/search/?q={}"),
    ("administrator", "/cms/organisation/?q={}"),
    ("administrator", "/cms/unit/?organisation={}"),
]
# Who sends, where to, and the form's fields.
FORMS: list[tuple[str, str, tuple[str, ...]]] = [
    ("visitor", "/verify/", ("code", "surname")),
    ("visitor", "/verify/{code}/", ("surname",)),
    ("visitor", "/accounts/login/", ("login", "password", "next")),
    ("visitor", "/accounts/login/code/", ("email", "next")),
    ("visitor", "/accounts/signup/", ("email", "password1", "next")),
    ("visitor", "/accounts/password/reset/", ("email",)),
    ("learner", "/en/learning/attempts/{open}/1/", ("choice",)),
    ("learner", "/en/learning/certificates/name/", ("name", "next")),
    ("learner", "/accounts/preferences/", ("first_name", "language", "time_zone")),
    ("learner", "/accounts/email/", ("email", "action_add", "action_remove", "action_primary")),
    ("learner", "/accounts/close/", ("email",)),
    ("learner", "/accounts/sessions/", ("session",)),
    ("learner", "/accounts/password/change/", ("oldpassword", "password1", "password2")),
    ("learner", "/accounts/reauthenticate/", ("password", "next")),
    ("learner", "/accounts/2fa/totp/activate/", ("code",)),
    ("learner", "/accounts/2fa/webauthn/add/", ("name", "credential")),
    ("learner", "/accounts/2fa/webauthn/keys/{passkey}/edit/", ("name",)),
    ("stranger", "/en/organisations/join/{token}/", ("name",)),
    ("manager", "/en/organisations/ours/invitations/", ("lines", "unit", "language")),
    ("manager", "/en/organisations/ours/members/{member}/move/", ("unit",)),
    ("administrator", "/cms/certificates/{certificate}/revoke/", ("reason",)),
    ("administrator", "/cms/second-factors/", ("email", "reason")),
    ("administrator", "/cms/organisation/new/", ("name", "slug", "language", "contact", "reason")),
    ("administrator", "/cms/unit/new/", ("parent", "code", "name", "reason")),
    ("administrator", "/cms/appointment/new/", ("email", "unit", "role", "reason")),
    ("administrator", "/cms/users/new/", ("email", "first_name", "groups", "reason")),
]


@pytest.fixture
def stage() -> Stage:
    """Give the site in use."""
    return set_stage()


def trouble(response: Any) -> Iterator[str]:
    """Return what is wrong with an answer to nonsense."""
    if response.status >= 500:
        yield str(response.status)
    target = urlsplit(response.location.replace("\\", "/"))
    if target.netloc not in {"", "localhost"} or target.scheme not in {"", "http"}:
        yield f"it leads to {response.location[:80]}"
    if "Traceback" in response.body or "<script>alert(1)" in response.body:
        yield "it shows what it must not"


@pytest.mark.sweep
def test_no_address_is_upset(stage: Stage) -> None:
    wrong = []
    for (role, template), (name, value) in product(QUESTIONS, VALUES.items()):
        answer = ask(stage.clients[role], "get", stage.address(template.format(value)))
        wrong += [f"{role} {template} with {name}: {found}" for found in trouble(answer)]
    assert not wrong, "\n".join(wrong)


def encoded(fields: tuple[str, ...], value: str) -> str:
    """Return a body as a browser sends it, with an encoded value in every field."""
    return "&".join(f"{name}={value}" for name in fields)


@pytest.mark.sweep
def test_no_form_is_upset(stage: Stage) -> None:
    wrong = []
    for (role, template, fields), (name, value) in product(FORMS, VALUES.items()):
        answer = send(stage.clients[role], stage.address(template), encoded(fields, value).encode())
        wrong += [f"{role} {template} with {name}: {found}" for found in trouble(answer)]
    assert not wrong, "\n".join(wrong)


URLENCODED = "application/x-www-form-urlencoded"


def send(client: Client, address: str, body: bytes, kind: str = URLENCODED) -> Any:
    """Return the answer to a body of any kind."""

    def post(path: str, data: bytes) -> Any:
        return client.generic("POST", path, data, content_type=kind)

    return ask(client, post, address, body)


MULTIPART = "multipart/form-data; boundary=b"
BODIES = {
    "no boundary": (b"x", "multipart/form-data"),
    "a boundary that never comes": (b"x" * 1000, MULTIPART),
    "a part without an end": (
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
        MULTIPART,
    ),
    "a part without a name": (
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
        MULTIPART,
    ),
    "a part in no encoding": (
        (
            b'--b\r\nContent-Disposition: form-data; name="a"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--b--\r\n"
        ),
        MULTIPART,
    ),
    "a file with a NUL in its name": (
        b'--b\r\nContent-Disposition: form-data; name="a"; filename="a\x00.pdf"\r\n\r\nx\r\n--b--\r\n',
        MULTIPART,
    ),
    "a file that is called like a folder": (
        b'--b\r\nContent-Disposition: form-data; name="a"; filename=".."\r\n\r\nx\r\n--b--\r\n',
        MULTIPART,
    ),
    "a boundary of nonsense": (b"x", "multipart/form-data; boundary=\xff"),
    "an encoding that nobody knows": (b"a=b", f"{URLENCODED}; charset=nonsense"),
    "another encoding": (b"a=b", f"{URLENCODED}; charset=utf-16"),
    "ten thousand fields": (b"&".join(b"a%d=1" % n for n in range(10_000)), URLENCODED),
    "ten thousand lines of brackets": (b"[" * 10_000, "application/json"),
    "JSON as text": (b'{"choice": "1"}', "text/plain"),
    "four megabytes": (b"a=" + b"b" * 4_000_000, URLENCODED),
    "no kind": (b"a=b", ""),
}


@pytest.mark.sweep
def test_no_form_is_upset_by_a_body_of_another_kind(stage: Stage) -> None:
    wrong = []
    for (role, template, _fields), (name, body) in product(FORMS, BODIES.items()):
        answer = send(stage.clients[role], stage.address(template), *body)
        wrong += [f"{role} {template} with {name}: {found}" for found in trouble(answer)]
    assert not wrong, "\n".join(wrong)


HEADERS = {
    "Accept-Language": "en;q=nonsense," + "x-" * 5_000,
    "Accept": "*/*;q=x",
    "Range": "bytes=" + ",".join("0-" for _ in range(2_000)),
    "If-None-Match": '"' * 1_000,
    "If-Modified-Since": "the day before",
    "Referer": "http://[evil",
    "Origin": "null",
    "X-Forwarded-For": "not, an, address",
    "X-Forwarded-Proto": "gopher",
    "X-Requested-With": "\x00",
    "User-Agent": "u" * 10_000,
    "Cookie": "sessionid=\x00; csrftoken="
    + "c" * 10_000
    + "; messages=nonsense; django_language=../",
    "Authorization": "Basic nonsense",
}
READ = [
    "/en/",
    "/en/courses/foundation/",
    "/verify/{code}/",
    "/accounts/login/",
    "/cms/",
    "/media/{drawn}",
]


@pytest.mark.sweep
def test_no_page_is_upset_by_a_header(stage: Stage) -> None:
    wrong = []
    for header, value in HEADERS.items():
        client = Client(headers={"host": "localhost", header: value})
        client.raise_request_exception = False
        for template, method in product(READ, ("get", "head", "post")):
            answer = ask(client, method, stage.address(template))
            wrong += [f"{method} {template} with {header}: {found}" for found in trouble(answer)]
    assert not wrong, "\n".join(wrong)


def test_another_host_is_refused(stage: Stage) -> None:
    hosts = ("evil.example", "localhost.evil.example", "localhost@evil.example", "a b", "[::1")
    for host, path in product(hosts, READ):
        assert ask(Client(headers={"host": host}), "get", stage.address(path)).status == 400


def test_no_page_names_a_host_that_a_header_claims(stage: Stage) -> None:
    for header in ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL"):
        client = Client(headers={"host": "localhost", header: "evil.example"})
        for path in READ:
            answer = ask(client, "get", stage.address(path))
            assert answer.status < 400
            assert "evil.example" not in answer.body + answer.location


OUTSIDE = [
    "//evil.example/",
    "//evil.example/..",
    "/%2Fevil.example",
    "/%5Cevil.example",
    "/en//evil.example",
    "/accounts//evil.example",
    "/cms//evil.example",
    "/static/../tutela/settings/base.py",
    "/static/%2e%2e/%2e%2e/manage.py",
    "/media/images/../../test.sqlite3",
    "/media/images/%2e%2e/documents/leaflet.pdf",
    "/media/documents/leaflet.pdf",
    "/.git/config",
    "/.env",
    "/var/tutela.sqlite3",
]


def test_no_path_leads_out(stage: Stage) -> None:
    visitor, wrong = stage.clients["visitor"], []
    for path in OUTSIDE:
        # As a server hands it on: the client itself would take `//evil.example` for a host.
        answer = ask(visitor, lambda path, data: visitor.get("/", PATH_INFO=path), path)
        if answer.status not in {301, 302, 400, 404} or answer.location.startswith("//"):
            wrong.append(f"{path}: {answer.status} {answer.location}")
        wrong += [f"{path}: {found}" for found in trouble(answer)]
    assert not wrong, "\n".join(wrong)


NAMES = ["a\r\nX-Evil: 1.pdf", 'a"; filename="b.html.pdf', "a\x00.pdf", "é.pdf"]


def test_a_files_name_stays_inside_its_header(stage: Stage) -> None:
    trainer = stage.clients["trainer"]
    for name in NAMES:
        file = SimpleUploadedFile("leaflet.pdf", b"%PDF-1.7")
        file._name = name  # type: ignore[attr-defined]  # as a browser of somebody else's sends it
        added = trainer.post("/cms/documents/add/", {"title": "New", "file": file})
        assert added.status_code in {200, 302}

        answer = trainer.get(get_document_model().objects.latest("pk").url)
        answer.close()

        assert answer.status_code == 200
        assert "X-Evil" not in answer.headers
        assert "\n" not in answer.headers["Content-Disposition"]


def test_what_a_browser_would_run_is_not_taken(stage: Stage) -> None:
    trainer, held = stage.clients["trainer"], count_files()
    names = ("page.html", "picture.svg", "page.pdf.html", "page.xhtml", "page")
    for name, address in product(names, ("/cms/documents/add/", "/cms/images/add/")):
        file = SimpleUploadedFile(name, b"<script>alert(1)</script>")
        answer = ask(trainer, "post", address, {"title": "x", "file": file}, look=count_files)
        assert (answer.status, answer.seen) == (200, held), name


def count_files() -> int:
    """Return how many documents and images there are."""
    return sum(found().objects.count() for found in (get_document_model, get_image_model))
