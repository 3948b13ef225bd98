"""All settings, each read from the environment (or from the file `NAME_FILE` names), each with a working default.

The default is one machine without any server: SQLite, the embedded index, files under `DATA_DIR`.
"""

import os
from pathlib import Path

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environ import FileAwareEnv

from config.secrets import generated_secret
from config.storage import vault_storage
from upkeep.log_lines import logging_settings

django_stubs_ext.monkeypatch()
env = FileAwareEnv()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).absolute()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or generated_secret(DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])

PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
PROVINCE = env.str("PROVINCE", default="yen-giang")
SEARCH_URL = env.str("SEARCH_URL", default=f"embedded://{DATA_DIR}/index")
STORAGE_URL = env.str("STORAGE_URL", default=f"file://{DATA_DIR}/vault")
LEGAL_TEXTS = env.str("LEGAL_TEXTS", default="")

# Applications -----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "viewflow.workflow",
    "audit",
    "jobs",
    "worktime",
    "pages",
    "papers",
    "notices",
    "accounts",
    "ocr",
    "search",
    "documents",
    "land",
    "workflow",
    "dossiers",
    "exchange",
    "portal",
    "upkeep",
]

MIDDLEWARE = [
    "upkeep.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pages.middleware.PrivateMiddleware",
    "csp.middleware.CSPMiddleware",
    "exchange.middleware.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ActingMiddleware",
    "pages.uploads.BodySizeMiddleware",
    "pages.middleware.DomainErrorMiddleware",
    "accounts.middleware.RefusalMiddleware",
    "pages.trouble.TroubleMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "pages.context_processors.frame",
                "notices.context_processors.unread",
            ],
        },
    }
]

# Database ---------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/hosodat.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that reads first and writes later would lose against another writer.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-65536;PRAGMA mmap_size=268435456;PRAGMA temp_store=MEMORY;",
    }
    # A file, not memory: threads of one test would meet "database table is locked".
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {"options": "-c lock_timeout=10s -c statement_timeout=60s"}

# Files ------------------------------------------------------------------------------------------

STORAGES = {
    "vault": vault_storage(
        STORAGE_URL, key=env.str("STORAGE_KEY", default=""), secret=env.str("STORAGE_SECRET", default="")
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
PICTURES_DIR = DATA_DIR / "pictures"
# Certificates of those who may vouch for signers, and revocation lists; without it every signer is a stranger.
SIGNATURE_TRUST_DIR = env.str("SIGNATURE_TRUST_DIR", default="")
# The unit's seal as a PKCS#12 file; without it results are issued with no electronic seal, and the page says so.
SEAL_PKCS12 = env.str("SEAL_PKCS12", default="")
SEAL_PASSWORD = env.str("SEAL_PASSWORD", default="")
TIMESTAMP_URL = env.str("TIMESTAMP_URL", default="")
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=100 * 1024 * 1024)
# What a day holds of uploads, and what the drafts of one clerk hold together.
UPLOAD_BYTES_A_DAY = env.int("UPLOAD_BYTES_A_DAY", default=20 * 1024**3)
UNIT_UPLOAD_BYTES_A_DAY = env.int("UNIT_UPLOAD_BYTES_A_DAY", default=100 * 1024**3)
# The page of a bundle sends a mark for each page, and `ocr.Limits` has so many read; the rest is for all else.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000 + 100
DRAFT_BYTES = env.int("DRAFT_BYTES", default=5 * 1024**3)
FILE_UPLOAD_HANDLERS = ["pages.uploads.WholeUploadHandler"]
FILE_UPLOAD_TEMP_DIR = str(DATA_DIR / "incoming")
Path(FILE_UPLOAD_TEMP_DIR).mkdir(exist_ok=True)

STATIC_URL = "static/"
# Made from the code by `make setup`, whichever data it serves.
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.assets.VendorFinder",
]

# Work behind the pages --------------------------------------------------------------------------

TASKS = env.str("TASKS", default="database")
if TASKS not in ("database", "celery"):
    raise ImproperlyConfigured("TASKS must be database or celery")
BROKER_URL = env.str("BROKER_URL", default="redis://127.0.0.1:6379/0")
LEASE_SECONDS = env.int("LEASE_SECONDS", default=60)
MALWARE_URL = env.str("MALWARE_URL", default="")
if MALWARE_URL and not MALWARE_URL.startswith("clamd://"):
    raise ImproperlyConfigured("MALWARE_URL is clamd://host:port or clamd:///path/of/the/socket")

# Language, time ---------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_THOUSAND_SEPARATOR = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# Sign-in, cookies, headers ----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Officer"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

_https = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if _https else "language"
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = _https, True, "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "pages.views.csrf_failed"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
# How many proxies of our own stand before the application: whose word about the reader's address is believed.
PROXIES = env.int("PROXIES", default=0)
OFFICER_REQUESTS_A_MINUTE = env.int("OFFICER_REQUESTS_A_MINUTE", default=600)
STRANGER_REQUESTS_A_MINUTE = env.int("STRANGER_REQUESTS_A_MINUTE", default=240)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Looking after it -------------------------------------------------------------------------------

LOGGING = logging_settings(form=env.str("LOG_FORMAT", default="plain"), level=env.str("LOG_LEVEL", default="INFO"))
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_DIR = DATA_DIR / "metrics"
METRICS_DIR.mkdir(exist_ok=True)
# Read when the metrics are first imported; never a parent process's folder.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)
