"""What every instance shares; only environment variables differ (docs/operators.md)."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from . import environment as env

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parents[1]
VAR = Path(env.text("TUTELA_VAR") or ROOT / "var")

DEBUG = False
SITE_NAME = "Tutela"
VERSION = version("tutela")
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000, least=1)
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
WEB_WORKERS = env.number("WEB_WORKERS", CORES, least=1)
# localhost and not 127.0.0.1: a passkey cannot be made for an IP address.
BASE_URL = env.text("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
# Texts that no professional has reviewed are shown only where this is set (design: language gate).
OFFER_UNREVIEWED = env.flag("OFFER_UNREVIEWED")
# Reviewers, publishers, managers and administrators must sign in with a second factor.
REQUIRE_SECOND_FACTOR = env.flag("REQUIRE_SECOND_FACTOR", default=True)
ANSWERS_KEPT_DAYS = env.number("ANSWERS_KEPT_DAYS", 90)
# Whom visitors write to about technical things; the contact page shows it.
CONTACT_EMAIL = env.text("CONTACT_EMAIL")
EMERGENCY_NUMBER = env.text("EMERGENCY_NUMBER", "112")
QUICK_EXIT_URL = env.text("QUICK_EXIT_URL", "https://www.wikipedia.org/")
NUMBER_OF_PROXIES = env.number("NUMBER_OF_PROXIES", 0)
# Seals the keys that `backup --keys` writes.
BACKUP_PASSPHRASE = env.text("BACKUP_PASSPHRASE")

DATABASES = {"default": env.database("DATABASE_URL", VAR / "tutela.sqlite3")}
POSTGRESQL = DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "tutela.upkeep",
    "organisations",
    "certificates",
    "courses",
    "quizzes",
    "tutela.pages",
    "tutela.helplines",
    "tutela.accounts",
    "tutela.work",
    "tutela.kit",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.sites",
    "tutela.accounts.apps.PeopleConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    # Wagtail's check postgres.E005 asks for it there; it cannot be imported without psycopg.
    *(["django.contrib.postgres"] if POSTGRESQL else []),
]

MIDDLEWARE = [
    "tutela.work.middleware.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "tutela.kit.middleware.PolicyMiddleware",
    "tutela.kit.middleware.AddressMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tutela.upkeep.middleware.MaintenanceMiddleware",
    "tutela.kit.middleware.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tutela.accounts.middleware.VisitorMiddleware",
    "tutela.accounts.middleware.StayingMiddleware",
    "tutela.accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "tutela.accounts.middleware.RefusedFormMiddleware",
    "tutela.accounts.middleware.SecondFactorMiddleware",
    "tutela.accounts.middleware.ReasonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tutela.kit.middleware.HonestFailureMiddleware",
]

ROOT_URLCONF = "tutela.urls"
WSGI_APPLICATION = "tutela.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tutela.kit.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "tutela.kit.templatetags.kit",
                "courses.templatetags.courses",
            ],
        },
    }
]

# Languages. The interface speaks these; what a course speaks is decided by its releases.
LANGUAGE_CODE = "en"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("de", _("German")),
    ("it", _("Italian")),
    ("ru", _("Russian")),
    ("es", _("Spanish")),
]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
LOCALE_PATHS = [path for path in (ROOT / "locale", PACKAGE / "locale") if path.is_dir()]
FORMAT_MODULE_PATH = ["tutela.kit.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.zone("TIME_ZONE", "UTC")

# People
AUTH_USER_MODEL = "accounts.User"
# The only backend: one way in, and who is asking is loaded with what the second factor asks.
AUTHENTICATION_BACKENDS = ["tutela.accounts.backends.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/accounts/start/"
ACCOUNT_ADAPTER = "tutela.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {"signup": "tutela.accounts.forms.SignUpForm"}
# Codes, not links: links are opened by mail scanners and by the wrong browser.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Only a new account could change its address at this step: that would tell who has one already.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
# Three tries a code. The daily limits keep a guesser of six digits at it for decades.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "request_login_code": "20/m/ip,3/m/key,20/d/key",
    "reset_password": "20/m/ip,5/m/key,20/d/key",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# X-Forwarded-For counts only behind proxies of our own, else anybody writes it.
ALLAUTH_TRUSTED_PROXY_COUNT = NUMBER_OF_PROXIES
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_CHANGE_EMAIL = False  # a second, private address may stand beside the first
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "tutela.accounts.forms.AddKeyForm"}
MFA_TOTP_ISSUER = SITE_NAME
USERSESSIONS_TRACK_ACTIVITY = False

# Wagtail
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False  # nobody sets anybody else's
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = True
WAGTAILDOCS_EXTENSIONS = ["pdf", "csv", "docx", "odt", "txt", "xlsx"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_IMAGE_FORM_BASE = "tutela.kit.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]
# PostgreSQL looks for words as they are, as SQLite does: six languages share one index.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "simple"}
}
TAGGIT_CASE_INSENSITIVE = True

# Background work: Wagtail's small upkeep at once, ours in the queue that the worker empties.
TASKS = {
    "default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"},
    "queue": {"BACKEND": "django_tasks_db.DatabaseBackend"},
}
# A worker that gave no sign of life for so long is held to be dead, and its task is run again.
TASK_LEASE_SECONDS = env.number("TASK_LEASE_SECONDS", 120, least=1)

# Mail
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "Tutela <tutela@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The sender on the envelope, to whom reports of mail that came back go (docs/operating/mail.md).
MAIL_BOUNCES_TO = env.text("MAIL_BOUNCES_TO")
# What the mail server, or the servers of one domain, take of us in a minute; 0 is as fast as it goes.
MAIL_PER_MINUTE = env.number("MAIL_PER_MINUTE", 0)
MAIL_PER_MINUTE_PER_DOMAIN = env.number("MAIL_PER_MINUTE_PER_DOMAIN", 0)
SMTP_SSL = env.flag("SMTP_SSL")
MAILERS = {
    "default": {"BACKEND": "tutela.accounts.mail.QueuedBackend"},
    "post": (
        {
            "BACKEND": "tutela.accounts.mail.PostBackend",
            "OPTIONS": {
                "host": env.text("SMTP_HOST"),
                "port": env.number("SMTP_PORT", 465 if SMTP_SSL else 587),
                "username": env.text("SMTP_USER"),
                "password": env.text("SMTP_PASSWORD"),
                "use_ssl": SMTP_SSL,
                "use_tls": env.flag("SMTP_STARTTLS", default=True) and not SMTP_SSL,
                "timeout": env.number("SMTP_TIMEOUT", 20),
            },
        }
        if env.text("SMTP_HOST")
        else {
            "BACKEND": "tutela.accounts.mail.TerminalBackend",
            "OPTIONS": {"folder": VAR / "mail"},
        }
    ),
}

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT") or VAR / "static")
STATICFILES_FINDERS = [
    "tutela.kit.finders.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": env.media("S3_BUCKET"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a long StreamField in the CMS

# Caches: rate limits need one that all processes share; public pages have one of their own.
CACHES = env.caches("CACHE_URL", VAR / "cache")
# Made by the classes of one release: while another is put in place, it must not read them.
CACHES["pages"]["KEY_PREFIX"] = f"pages:{VERSION}"

# Browsers
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # without a visit; one in use is renewed daily
# Kept beyond the browser's end only where "Remember me" was ticked: computers are shared.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# The database keeps every session; Valkey, where there is one, saves most pages from asking for it.
SESSION_CACHE_ALIAS = "sessions"
SESSION_ENGINE = (
    f"django.contrib.sessions.backends.{'cached_db' if SESSION_CACHE_ALIAS in CACHES else 'db'}"
)
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tutela.kit.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
X_FRAME_OPTIONS = "DENY"
# Nothing goes to other sites; with "no-referrer" browsers send "Origin: null" with our own forms.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# Wagtail's editor has inline scripts and styles, and previews a page in a frame of its own.
CMS_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
}

# Logs name no person, no page and no answer: tutela.kit.logs says which fields there are.
LOG_FORMAT = env.choice("LOG_FORMAT", ("plain", "json"), "plain")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "tutela.kit.logs.PlainFormatter"},
        "json": {"()": "tutela.kit.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "tutela": {"level": "INFO"},
        # Without Django's own handlers, one of which mails whole requests.
        "django": {"handlers": [], "level": "WARNING"},
        # Each request has a line already; what failed in it has another.
        "django.request": {"level": "ERROR"},
        "django.tasks": {"level": "CRITICAL"},  # tutela.tasks tells
    },
}
# Where somebody reads along: without the lines of what went well.
QUIET = {name: {"level": "WARNING"} for name in ("tutela.requests", "tutela.tasks")}
# Who may read /metrics; without a token nobody does.
METRICS_TOKEN = env.text("METRICS_TOKEN")
