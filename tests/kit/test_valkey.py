"""What is kept in Valkey is shared and forgotten in time; without Valkey the site goes on."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.core.cache import caches
from django.test import Client

from tests.accounts.signing_in import by_password, is_signed_in, make_person
from tests.work.processes import free_port, wait_until
from tutela.kit import valkey
from tutela.kit.limits import count
from tutela.kit.middleware import empty_page_cache
from tutela.settings import environment

if TYPE_CHECKING:
    from pytest_django import Settings

AT = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
SERVER = shutil.which("valkey-server") or shutil.which("redis-server")
WRONG = "a wrong guess"
NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    """Let no test inherit that another found the server away."""
    valkey._away_until.clear()
    yield
    valkey._away_until.clear()


def use(settings: Settings, url: str) -> None:
    """Choose caches and sessions as CACHE_URL does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CACHE_URL", url)
        settings.CACHES = environment.caches("CACHE_URL", settings.VAR)
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a Valkey of our own."""
    if SERVER is None:
        pytest.skip("neither valkey-server nor redis-server is installed here")
    port, folder = free_port(), tmp_path_factory.mktemp("valkey")
    command = [SERVER, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    with subprocess.Popen([*command, "--save", ""], stdout=subprocess.DEVNULL) as process:
        url = f"redis://127.0.0.1:{port}/0"
        cache = valkey.ValkeyCache(url, {})
        assert wait_until(cache.is_reached)
        yield url
        cache._cache.get_client().connection_pool.disconnect()
        process.terminate()


@pytest.fixture
def shared(settings: Settings, server: str) -> Iterator[str]:
    use(settings, server)
    yield server
    for cache in caches.all():
        cache.clear()
        cache._cache.get_client().connection_pool.disconnect()  # type: ignore[attr-defined]


def test_emptied_pages_leave_limits_and_sessions(shared: str) -> None:
    for alias in ("default", "pages", "sessions"):
        caches[alias].set("key", alias)

    empty_page_cache()

    assert [caches[alias].get("key") for alias in ("default", "pages", "sessions")] == [
        "default",
        None,
        "sessions",
    ]


def test_pages_of_another_release_are_emptied_and_never_shown(shared: str) -> None:
    other = valkey.ValkeyCache(shared, {"KEY_PREFIX": "pages:0.0.9"})
    other.set("key", "page")
    seen = caches["pages"].get("key")

    empty_page_cache()

    assert (seen, other.get("key")) == (None, None)
    other._cache.get_client().connection_pool.disconnect()


@pytest.mark.parametrize(("asked", "kept"), [(1209600, 60), (None, 60), (20, 20)])
def test_a_session_is_kept_for_a_minute_at_most(shared: str, asked: int | None, kept: int) -> None:
    caches["sessions"].set("key", {}, asked)

    assert caches["sessions"]._cache.get_client().ttl("sessions:1:key") == kept  # type: ignore[attr-defined]


def test_two_processes_count_together(shared: str) -> None:
    other = valkey.LimitsCache(shared, {"KEY_PREFIX": "default"})
    first = count("search", "203.0.113.7", at=AT)
    client = other._cache.get_client()
    for key in client.scan_iter("default:*"):
        client.incr(key)

    assert (first, count("search", "203.0.113.7", at=AT)) == (1, 3)
    other._cache.get_client().connection_pool.disconnect()


@pytest.mark.django_db
def test_signing_out_ends_the_session_in_both_places(shared: str, client: Client) -> None:
    make_person()
    by_password(client)
    assert is_signed_in(client)
    kept = client.cookies["sessionid"].value

    client.post("/accounts/logout/")
    client.cookies["sessionid"] = kept

    assert not is_signed_in(client)


def test_without_valkey_nothing_is_kept_and_nothing_fails(settings: Settings) -> None:
    use(settings, NOBODY)

    assert not caches["pages"].is_reached()  # type: ignore[attr-defined]
    for alias in ("pages", "sessions"):
        caches[alias].set("key", 1)
        assert caches[alias].get("key") is None
        assert caches[alias].add("key", 1)
    empty_page_cache()


def test_without_valkey_each_process_counts_for_itself(settings: Settings) -> None:
    use(settings, NOBODY)

    assert [count("search", "203.0.113.7", at=AT) for _ in range(3)] == [1, 2, 3]


@pytest.mark.django_db
def test_without_valkey_people_sign_in_and_guessers_are_stopped(settings: Settings) -> None:
    use(settings, NOBODY)
    make_person()
    make_person("other@a.example")
    learner, guesser = Client(), Client()
    for _try in range(5):
        by_password(guesser, "other@a.example", password=WRONG)

    by_password(learner)
    by_password(guesser, "other@a.example")

    assert (is_signed_in(learner), is_signed_in(guesser)) == (True, False)


def test_a_server_that_is_away_is_asked_again_after_a_pause(
    settings: Settings, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(settings, server)
    valkey._away_until[server] = time.monotonic() + valkey.PAUSE_SECONDS
    caches["pages"].set("key", 1)
    during = caches["pages"].get("key")
    valkey._away_until[server] = time.monotonic()

    caches["pages"].set("key", 1)

    assert (during, caches["pages"].get("key")) == (None, 1)
    caches["pages"]._cache.get_client().connection_pool.disconnect()  # type: ignore[attr-defined]
