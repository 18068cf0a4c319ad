"""What `make run` serves: a demonstration on this machine, open about being one."""

from __future__ import annotations

import os
import secrets

os.environ.setdefault("OFFER_UNREVIEWED", "1")
os.environ.setdefault("REQUIRE_SECOND_FACTOR", "0")

from .base import *  # noqa: F403
from .base import LOGGING, QUIET, VAR

DEMONSTRATION = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost, here only

VAR.mkdir(parents=True, exist_ok=True)
_secret = VAR / "secret-key"
if not _secret.exists():
    _secret.touch(mode=0o600)
    _secret.write_text(secrets.token_urlsafe(64), encoding="utf-8")
SECRET_KEY = _secret.read_text(encoding="utf-8")
# The terminal shows the mails, codes included: a line a request would bury them.
LOGGING["loggers"].update(QUIET)
