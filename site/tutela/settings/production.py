"""A real instance: it refuses to start where it would be unsafe."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import environment as env
from .base import *  # noqa: F403
from .base import ALLOWED_HOSTS, BASE_URL

DEMONSTRATION = False
SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.secrets("SECRET_KEY_FALLBACKS")
for name in (
    *("BACKUP_PASSPHRASE", "CACHE_URL", "DATABASE_URL"),
    *("METRICS_TOKEN", "S3_SECRET_KEY", "SMTP_PASSWORD"),
):
    env.refuse_sample(name)

if env.flag("DEBUG"):
    raise ImproperlyConfigured("DEBUG must not be set in production.")
if not env.text("ALLOWED_HOSTS"):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this instance.")
if any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must not hold a wildcard.")
if not BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("BASE_URL must be the https:// address of this instance.")
if urlsplit(BASE_URL).hostname not in ALLOWED_HOSTS:
    raise ImproperlyConfigured("BASE_URL must name one of the hosts in ALLOWED_HOSTS.")

SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.number("NUMBER_OF_PROXIES", 0) else None
)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
