"""The tests' instance: fast, silent, strict."""

from __future__ import annotations

import os

os.environ.setdefault("OFFER_UNREVIEWED", "1")

from . import environment as env
from .base import *  # noqa: F403
from .base import LOGGING, QUIET, STORAGES, VAR

DEMONSTRATION = False
REQUIRE_SECOND_FACTOR = False  # tests sign in by force; tests/accounts turn it on again
SECRET_KEY = "a key for tests only, of no value to anybody at all"  # noqa: S105
DATABASES = {"default": env.database("TEST_DATABASE_URL", VAR / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {
    name: {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    for name in ("default", "post")
}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"},
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
}
# Static files straight from the rooms: nothing needs to be collected for a test.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
LOGGING["loggers"].update(QUIET)
