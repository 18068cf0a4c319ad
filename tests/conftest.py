"""What every test may ask for: a database, a browser, a clean slate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import timezone, translation
from pytest_django.plugin import blocking_manager_key

from tests import browser as browsers
from tests import databases, network
from tests.people import cast, sign_in  # noqa: F401  (fixtures)
from tutela.work.catalogues import compile_catalogues

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django import DjangoDbBlocker
    from pytest_django.live_server_helper import LiveServer

compile_catalogues()  # or a French test would read yesterday's French

# The live server writes head and body apart: without this each answer waits 40 ms for the browser's
# delayed acknowledgement of the first (Nagle's algorithm), half the time of every browser test.
WSGIRequestHandler.disable_nagle_algorithm = True

STOCK = pytest.StashKey[databases.Stock]()

if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":

    @pytest.fixture(scope="session")
    def django_db_setup(
        request: pytest.FixtureRequest,
        django_test_environment: None,
        django_db_blocker: DjangoDbBlocker,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> Iterator[None]:
        """Give this process a copy of the migrated file, instead of migrating one."""
        with django_db_blocker.unblock():
            target = tmp_path_factory.mktemp("database") / "test.sqlite3"
            request.config.stash[STOCK] = databases.open_sqlite(target)
            yield
            connection.close()
            del request.config.stash[STOCK]

else:

    @pytest.fixture(scope="session")
    def django_db_setup(
        request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
    ) -> Iterator[None]:
        """Keep a template of the database that pytest-django migrated."""
        with django_db_blocker.unblock():
            request.config.stash[STOCK] = databases.open_postgresql()
            yield
            del request.config.stash[STOCK]


def is_transactional(item: pytest.Item) -> bool:
    """Tell whether the test commits, and so leaves the tables empty behind it."""
    names = getattr(item, "fixturenames", ())
    marker = item.get_closest_marker("django_db")
    return (
        "transactional_db" in names
        or "live_server" in names
        or bool(marker and marker.kwargs.get("transaction"))
    )


# The stock is copied over whatever a test leaves: emptying all tables first would double its time.
TransactionTestCase._fixture_teardown = lambda self: None  # type: ignore[attr-defined]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Put the migrated database back after a test that committed, unless the next brings its own."""
    yield
    brings_own = "curriculum" in getattr(nextitem, "fixturenames", ())
    if is_transactional(item) and STOCK in item.config.stash and not brings_own:
        with item.config.stash[blocking_manager_key].unblock():
            databases.restore_migrated(item.config.stash[STOCK])


@pytest.fixture
def curriculum(request: pytest.FixtureRequest, transactional_db: None) -> None:
    """Start from a database with the starter curriculum loaded (copied, so it costs nothing)."""
    databases.restore_curriculum(request.config.stash[STOCK])


@pytest.fixture(scope="session", autouse=True)
def _own_machine() -> Iterator[None]:
    """Let no test speak to another machine."""
    with pytest.MonkeyPatch.context() as patch:
        network.stay_here(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests upload and draw out of the checkout."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture(autouse=True)
def _clean_slate() -> Iterator[None]:
    """Forget what the last test cached, and the language that its last request spoke."""
    yield
    for cache in caches.all():
        cache.clear()
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give the installed Chromium; without one the test fails with the cure."""
    path = browsers.find_chromium()
    if path is None:
        pytest.fail(browsers.CURE, pytrace=False)
    # Playwright's synchronous door keeps an event loop running in this thread.
    with pytest.MonkeyPatch.context() as patch, browsers.chromium(path) as running:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield running


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Give a page of a fresh visitor; a script error or a breach of the content policy fails."""
    context = browser.new_context(base_url=live_server.url, locale="en-GB")
    context.set_default_timeout(10_000)
    opened = context.new_page()
    found = browsers.complaints(opened)
    yield opened
    context.close()
    assert found == []
