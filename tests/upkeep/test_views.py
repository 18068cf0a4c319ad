"""Who may read the numbers, and what is in them."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from tests.people import Cast, signed_in

pytestmark = pytest.mark.django_db
TOKEN = "a-token-for-tests"
LABEL = re.compile(r'(\w+)="([^"]*)"')


@pytest.fixture
def _token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def read(client: Client, authorization: str = f"Bearer {TOKEN}") -> list[str]:
    answer = client.get("/metrics", headers={"authorization": authorization})
    assert (answer.status_code, answer["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    return answer.content.decode().splitlines()


@pytest.mark.usefixtures("_token")
@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer another", f"Basic {TOKEN}", TOKEN]
)
def test_without_the_token_there_is_nothing(client: Client, authorization: str) -> None:
    answer = client.get("/metrics", headers={"authorization": authorization})

    assert answer.status_code == 404


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer"])
def test_an_instance_without_a_token_tells_nobody(client: Client, authorization: str) -> None:
    assert client.get("/metrics", headers={"authorization": authorization}).status_code == 404


@pytest.mark.usefixtures("_token")
def test_an_administrator_without_the_token_is_nobody(cast: Cast) -> None:
    assert signed_in(cast.administrator).get("/metrics").status_code == 404


@pytest.mark.usefixtures("_token")
def test_every_number_is_written_down(client: Client) -> None:
    client.get("/healthz")
    page = configured.ROOT / "docs" / "operating" / "watching.md"
    written = set(re.findall(r"^\| `(tutela_\w+)", page.read_text(encoding="utf-8"), re.MULTILINE))

    families = {line.split()[2] for line in read(client) if line.startswith("# TYPE")}

    # Beside each counter the library tells when it began; a cache server is not everybody's.
    found = {name for name in families if not name.endswith("_created")}
    assert found | {"tutela_cache_reached"} == written


@pytest.mark.usefixtures("_token")
def test_a_label_is_one_of_a_few_words(client: Client) -> None:
    for path in ("/healthz", "/en/help/at/", "/en/courses/none/", "/verify/ABCDEF/", "/cms/"):
        client.get(path)

    found = {name: set[str]() for name in ("method", "route", "status", "reading", "le")}
    for name, value in LABEL.findall("\n".join(read(client))):
        found[name].add(value)

    assert found["method"] <= {"GET", "HEAD", "POST", "other"}
    assert found["route"] <= {
        *("account", "certificate", "cms", "file", "organisation", "page"),
        *("quiz", "verify", "watch"),
    }
    assert found["status"] <= {"2xx", "3xx", "4xx", "5xx"}
