"""A production instance with one thing more: a request can say where its process is to be killed."""

from __future__ import annotations

from tutela.settings.production import *  # noqa: F403
from tutela.settings.production import MIDDLEWARE

MIDDLEWARE = ["campaign.failpoints.FailpointMiddleware", *MIDDLEWARE]
