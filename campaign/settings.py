"""A production instance with one thing more: a request can say where its process is to be killed."""

from __future__ import annotations

from tutela.settings.production import *  # noqa: F403
from tutela.settings.production import ACCOUNT_RATE_LIMITS, MIDDLEWARE

MIDDLEWARE = ["campaign.failpoints.FailpointMiddleware", *MIDDLEWARE]
# Whoever signs up again after a failure waits ten seconds for another code; a campaign does not.
ACCOUNT_RATE_LIMITS = {**ACCOUNT_RATE_LIMITS, "confirm_email": "99/m/key"}
