"""The demonstration with Django's own error pages, for those who change Tutela."""

from __future__ import annotations

from .demonstration import *  # noqa: F403
from .demonstration import STORAGES

DEBUG = True
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
