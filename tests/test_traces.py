"""Whoever reads the log or the metrics learns of nobody who learns, nor what was read or answered."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from courses.outline import LESSON, QUIZ
from quizzes.api import answer
from quizzes.models import Attempt
from tests.accounts.signing_in import PASSWORD, mailed_code
from tests.courses.scene import LESSON_PATH, pass_quizzes, steps_of
from tests.people import Cast, signed_in
from tutela.accounts.models import User
from tutela.helplines import views as helpline_views
from tutela.kit.logs import FIELDS, JsonFormatter, PlainFormatter
from tutela.work import middleware

pytestmark = pytest.mark.usefixtures("curriculum")
ADDRESS, NAME, STAFF_NUMBER = "ada.lovelace@example.org", "Ada Lovelace", "STAFF-4711"
BROWSER = "Mozilla/5.0 (of Ada)"
NUMBER = "0" * 32


class Listener(logging.Handler):
    """Keeps every line, in both formats."""

    def __init__(self) -> None:
        super().__init__()
        self.json: list[str] = []
        self.plain: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.json.append(JsonFormatter().format(record))
        self.plain.append(PlainFormatter().format(record))


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    listener = Listener()
    root = logging.getLogger()
    lines = [logging.getLogger(name) for name in ("tutela.requests", "tutela.tasks")]
    levels = [logger.level for logger in lines]
    root.addHandler(listener)
    for logger in lines:
        logger.setLevel(logging.INFO)
    # A random number could hold the six digits of a code.
    monkeypatch.setattr(middleware, "number_of", lambda _request: NUMBER)
    yield listener
    root.removeHandler(listener)
    for logger, level in zip(lines, levels, strict=True):
        logger.setLevel(level)


def fail(*args: object, **kwargs: object) -> None:
    raise ValueError(f"{ADDRESS} reads {args} {kwargs}")


def sign_up(client: Client) -> tuple[User, str]:
    """Open an account, and return its owner with the code that was mailed."""
    form = {"email": ADDRESS, "password1": PASSWORD, "adult": "on"}
    client.post("/accounts/signup/", form)
    code = mailed_code()
    client.post("/accounts/confirm-email/", {"code": code})
    person = User.objects.get(email=ADDRESS)
    client.post("/en/learning/certificates/name/", {"name": NAME})
    person.refresh_from_db()
    assert person.certificate_name == NAME
    return person, code


def learn(client: Client, person: User) -> str:
    """Complete the foundation, the last quiz in the browser, and return the certificate's code."""
    client.post("/en/learning/foundation/enrol/")
    for step in steps_of("foundation", LESSON):
        client.post(f"/en/learning/foundation/lessons/{step.key}/")
    pass_quizzes(person, "foundation", but=1)
    last = steps_of("foundation", QUIZ)[-1]
    client.post(f"/en/learning/foundation/quizzes/{last.key}/")
    attempt = Attempt.objects.latest("pk")
    page = f"/en/learning/attempts/{attempt.pk}"
    client.post(f"{page}/1/", {"choice": "1"})
    for item in attempt.items.select_related("version"):
        answer(attempt, position=item.position, keys=item.version.right_keys, language="en",
               at=attempt.started_at)  # fmt: skip
    client.post(f"{page}/submit/")
    client.get(f"{page}/result/")
    code = person.certificates.latest("pk").code
    client.get(f"/en/learning/certificates/{code}/en.pdf")
    client.post(f"/verify/{code}/", {"surname": "Lovelace"})
    return str(code)


def read_about_help(client: Client) -> None:
    """Read what nobody should know of."""
    for path in (
        LESSON_PATH,
        "help/",
        "help/at/",
        "help-for-children/",
        "worried-about-yourself/",
        "leaving-quickly/",
        "search/?q=lovelace",
    ):
        client.get(f"/en/{path}")


def look_in_as_manager(cast: Cast) -> None:
    """Look into an organisation, and invite."""
    manager = signed_in(cast.manager)
    for path in ("", "people/", "records/", "invitations/"):
        manager.get(f"/en/organisations/ours/{path}?person={ADDRESS}")
    manager.post("/en/organisations/ours/invitations/", {"addresses": ADDRESS})
    assert manager.get("/en/organisations/theirs/").status_code == 404


def go_wrong(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Meet every kind of failure."""
    client.raise_request_exception = False
    client.get(f"/en/no-such-page/{ADDRESS}/")
    client.get(f"/en/?{ADDRESS}=%00")
    client.get("/en/", headers={"host": f"{STAFF_NUMBER}.example"})
    client.post("/accounts/login/", {"login": ADDRESS, "password": "another pass phrase"})
    Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": ADDRESS})
    monkeypatch.setattr(helpline_views, "help_in", fail)
    assert client.get("/en/help/fr/").status_code == 500


def test_no_line_and_no_number_tells_of_a_journey(
    log: Listener, cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.METRICS_TOKEN = "a-token-for-tests"
    client = Client(headers={"host": "localhost", "user-agent": BROWSER})
    person, code = sign_up(client)
    certificate = learn(client, person)
    read_about_help(client)
    look_in_as_manager(cast)
    go_wrong(client, monkeypatch)
    numbers = client.get("/metrics", headers={"authorization": "Bearer a-token-for-tests"})

    lines = [json.loads(line) for line in log.json]
    assert {name for line in lines for name in line} <= set(FIELDS)
    routes = {line["route"] for line in lines if line["event"] == "request"}
    assert routes == {"account", "certificate", "organisation", "page", "quiz", "verify", "watch"}
    assert "builtins.ValueError" in {line.get("error") for line in lines}
    written = "\n".join([*log.json, *log.plain])
    told = written + numbers.content.decode()
    secrets = [
        *(ADDRESS, *NAME.split(), STAFF_NUMBER, "example.org", PASSWORD, certificate),
        *(
            "127.0.0.1",
            "Mozilla",
            "/ours/",
            "/theirs/",
            "foundation",
            "respond",
            "/en/",
            "children",
            "worried",
        ),
        *("leaving", "no-such-page", "q=", "csrfmiddlewaretoken", person.password),
        *(str(step.key) for step in steps_of("foundation", LESSON)),
    ]
    assert [secret for secret in secrets if re.search(re.escape(secret), told, re.IGNORECASE)] == []
    assert code not in written  # six digits might be part of a number of bytes
