"""The instance that is measured: as in production, on a database of its own."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("TUTELA_VAR", tempfile.mkdtemp(prefix="tutela-bench-"))
os.environ.setdefault("OFFER_UNREVIEWED", "1")
os.environ.setdefault("REQUIRE_SECOND_FACTOR", "0")

from tutela.settings.base import *  # noqa: F403
from tutela.settings.base import LOGGING, MAILERS, STORAGES

DEMONSTRATION = False
SECRET_KEY = "measured on this machine only, of no value to anybody"  # noqa: S105
ALLOWED_HOSTS = ["*"]
MAILERS = {
    **MAILERS,  # mail is queued, and handed over to nobody
    "post": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"},
}
LOGGING["loggers"]["tutela.requests"] = {"level": "WARNING"}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
