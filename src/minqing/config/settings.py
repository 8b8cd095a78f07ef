"""Django's settings. What a deployment may change is in :mod:`minqing.config.env`, nothing else."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from minqing.config.database import databases
from minqing.config.env import all_keys, env, keys
from minqing.config.logs import logging_config
from minqing.config.rooms import ROOMS
from minqing.web.csp import CONTENT_SECURITY_POLICY  # noqa: F401  # read by django-csp

ENV = env()
DEBUG = ENV.minqing_debug
SECRET_KEY = keys()["secret_key"]
ALLOWED_HOSTS = ENV.hosts
ORIGIN = ENV.origin
OUTGOING_NETWORKS = [*filter(None, ENV.minqing_outgoing_networks.split(","))]
DEMO = ENV.minqing_demo
# looks at everything that a worker can see, for the operator's page (core/health.py)
LOOKS_NOTED = ENV.minqing_looks_noted
DOCTOR = "minqing.config.cli.doctor.look"
VAR = ENV.var
EMBEDDED = ENV.embedded
HTTPS = ORIGIN.startswith("https://")
OPEN311 = {
    "jurisdiction": ENV.jurisdiction,
    "contact": ENV.minqing_open311_contact,
    "places": frozenset(filter(None, ENV.minqing_open311_places.split(","))),
    "listed": frozenset(filter(None, ENV.minqing_open311_listed.split(","))),
}
FIELD_KEYS = all_keys()

DATABASES = databases(ENV)
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # before those whose templates they replace
    *ROOMS,
    "django.forms",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "csp",
    "allauth",
    "allauth.account",
    "axes",
    "procrastinate.contrib.django",
]
AUTH_USER_MODEL = "org.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "minqing.org.auth_backend.AccountContextBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "minqing.web.middleware.SecurityHeaders",
    "csp.middleware.CSPMiddleware",
    "minqing.web.middleware.Methods",
    "minqing.web.middleware.Readable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "minqing.org.middleware.Looks",
    "minqing.web.middleware.DomainErrors",
]
ROOT_URLCONF = "minqing.config.urls"
WSGI_APPLICATION = "minqing.config.wsgi.application"
CSRF_FAILURE_VIEW = "minqing.web.errors.csrf_failure"

LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", LOADERS)])],
            "builtins": ["template_partials.templatetags.partials", "minqing.web.templatetags.mq"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "minqing.config.context.shell",
            ],
        },
    }
]

FORM_RENDERER = "minqing.web.renderer.Renderer"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
# the composition root is no app of Django; its sentences would not be found otherwise
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
# one source of translated dates and numbers; a thousands separator would break numbers that are read aloud
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # no base_url: a photo is reached through a page that asks who looks, never by its own address
        # and for nobody else on this machine, whatever its umask
        "OPTIONS": {
            "location": VAR / "files",
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedStaticFilesStorage" if DEBUG else "minqing.web.storage.HashedStatic",
    },
}
FILE_UPLOAD_TEMP_DIR = None
# static files too: the web server reads them as the one who wrote them
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# a bulk form sends one field a row; more than a page's worth is a mistake
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 12

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [ORIGIN]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "minqing.org.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_FORMS = {"login": "minqing.org.forms.SignInForm", "change_password": "minqing.org.forms.PasswordForm"}
# a township may share one address at 9:00; failed tries are counted by axes, which knows user and address together
ACCOUNT_RATE_LIMITS: dict[str, str | None] = {"login": "300/m/ip", "login_failed": None}
# by (user, address): an attacker elsewhere must not lock a cadre out
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "minqing.org.signin.subscriber_address"
AXES_LOCKOUT_TEMPLATE = "org/locked.html"
AXES_VERBOSE = False
# the attempts table keeps no more than it needs to count
AXES_SENSITIVE_PARAMETERS = ["username", "password", "login"]
AXES_DISABLE_ACCESS_LOG = True
SILENCED_SYSTEM_CHECKS = ["axes.W003"]

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
PROCRASTINATE_ON_APP_READY = "minqing.config.tasks.on_app_ready"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
# what a night missed because the machine was off is done at the next start
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 26 * 3600}
# notices go out by carriers of their own; Django itself sends no mail
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
NOTIFY = ENV.carriers()
LOGGING = logging_config(DEBUG, ENV.minqing_log)
