"""Settings of the portal: one file. What differs between machines comes from the environment, read by type in `env`."""

from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.functional import lazy
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from aso_portal import env, schedule
from aso_portal.embedded import postgres, state
from aso_portal.embedded.errors import ServerError

BASE_DIR = Path(__file__).resolve().parent.parent

# Servers and secrets ------------------------------------------------------------------------------------------------
# A DATABASE_URL in the environment is the whole truth: then nothing is taken from the embedded servers' state, and the
# owner's password is known only to processes that were given it.

EMBEDDED = not env.text("DATABASE_URL")
_known = (state.read(env.text("ASO_SERVERS", "main")) or {}) if EMBEDDED else {}


def _given(name: str) -> str:
    return env.text(name) or _known.get(name, "")


PROCESS = env.choice("ASO_PROCESS", "command", among=("web", "worker", "command"))
DEBUG = env.flag("DEBUG")
HTTPS = env.flag("HTTPS", default=not EMBEDDED)
SECRET_KEY = _given("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS", [])
if SECRET_KEY and len(SECRET_KEY) < 40:
    raise ImproperlyConfigured("SECRET_KEY is too short. Use at least 40 random characters.")
ASO_MASTER_KEY = _given("ASO_MASTER_KEY")
if ASO_MASTER_KEY:
    env.key_bytes("ASO_MASTER_KEY", ASO_MASTER_KEY, length=32)
ASO_MASTER_KEY_PREVIOUS = _given("ASO_MASTER_KEY_PREVIOUS")  # while `rotate_keys` moves data keys under the new one
if ASO_MASTER_KEY_PREVIOUS:
    env.key_bytes("ASO_MASTER_KEY_PREVIOUS", ASO_MASTER_KEY_PREVIOUS, length=32)

_database_url, _owner_url, _redis_url = _given("DATABASE_URL"), _given("OWNER_DATABASE_URL"), _given("REDIS_URL")
_web = env.postgres_url("DATABASE_URL", _database_url) if _database_url else {"NAME": ""}
_owner = env.postgres_url("OWNER_DATABASE_URL", _owner_url) if _owner_url else {}

# Web processes share a pool; a worker keeps its one connection, because Celery's children would tear a pool down after
# every task. Session-mode pooling only: a transaction-mode pooler would hand one employer's schema to another.
DATABASES = {
    "default": {
        "ENGINE": "aso_portal.postgresql",
        **_web,
        "EMPLOYER_ROLES": True,
        "CONN_MAX_AGE": 0 if PROCESS == "web" else 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 10,
            **(
                {"pool": {"min_size": 1, "max_size": env.whole("WEB_POOL", 8, least=1, most=100), "timeout": 10}}
                if PROCESS == "web"
                else {}
            ),
        },
    }
}
OWNER = {key: value for key, value in _owner.items() if key != "NAME"}  # tenants.services.owner lays it over "default"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.redis_url("REDIS_URL", _redis_url) if _redis_url else ""


def _pg_dump() -> str:
    try:
        return str(postgres.binary("pg_dump"))
    except ServerError:
        return "pg_dump"


PG_DUMP = env.text("PG_DUMP") or _pg_dump()  # must be of the server's major version; see schema_template

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "django_tenants.cache.make_key",
    }
}

# Apps: which schema holds whose tables ------------------------------------------------------------------------------

TABLELESS = [
    "aso_portal",
    "unfold",  # before the admin, whose templates it replaces
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
]
IN_BOTH = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "tenants.accounts",
    "django.contrib.sessions",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "axes",
]
SHARED_APPS = ["django_tenants", *IN_BOTH, "tenants", "tenants.exchange", "claims.reference"]
TENANT_APPS = [*IN_BOTH, "tenants.records", "benefits", "claims"]
INSTALLED_APPS = list(dict.fromkeys([*TABLELESS, *SHARED_APPS, *TENANT_APPS]))

TENANT_MODEL = "tenants.Employer"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True  # one switch of role and path per change of employer, not per statement
SHOW_PUBLIC_IF_NO_TENANT_FOUND = False

# Hosts and URLs -----------------------------------------------------------------------------------------------------

ALLOWED_HOSTS = ["*"]  # HostMiddleware is stricter: an exact list of operations hosts and employers' hosts, else 404
OPERATIONS_HOSTS = env.names("OPERATIONS_HOSTS", ["localhost", "127.0.0.1"])
EMPLOYER_DOMAIN = env.text("EMPLOYER_DOMAIN", "localhost")  # a new employer's host is <slug>.<this>
ROOT_URLCONF = "aso_portal.urls"
OPERATIONS_URLCONF = PUBLIC_SCHEMA_URLCONF = "aso_portal.urls_operations"
DESK_URLCONF = "aso_portal.urls_desk"
WSGI_APPLICATION = "aso_portal.wsgi.application"
ASGI_APPLICATION = "aso_portal.asgi.application"
USE_X_FORWARDED_HOST = False
if env.flag("BEHIND_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

MIDDLEWARE = [
    "tenants.web.middleware.HostMiddleware",
    "tenants.web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "tenants.web.sessions.SessionClockMiddleware",
    "tenants.web.second_factor.SecondFactorMiddleware",
    "tenants.web.middleware.ActorMiddleware",
    "tenants.web.middleware.DeskMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tenants.web.context.portal",
            ],
            "libraries": {"portal": "tenants.web.templatetags.portal"},
        },
    }
]

MEMBER, HR = ["member"], ["hr", "hr_finance", "plan_administrator"]

# Places in the portal's menus; tenants.web.menus shows those that a person's roles and the services bought open.
PORTAL_MENU: dict[str, list[dict[str, object]]] = {
    "main": [
        {"label": _("Dashboard"), "icon": "chart", "view": "claims:dashboard", "roles": HR, "service": "claims"},
        {"label": _("Home"), "icon": "home", "view": "claims:home", "roles": MEMBER, "service": "claims"},
        {"label": _("Claims"), "icon": "file", "view": "claims:claims", "roles": MEMBER, "service": "claims"},
        {"label": _("Coverage"), "icon": "shield", "view": "benefits:coverage", "roles": MEMBER},
        {"label": _("More"), "icon": "more", "view": "more", "phone_only": True},
    ],
    "account": [
        {"label": _("Who may see my claims"), "icon": "people", "view": "benefits:sharing", "roles": MEMBER},
        {"label": _("Password"), "icon": "key", "view": "account_change_password"},
        {"label": _("Two-step sign-in"), "icon": "lock", "view": "mfa_index"},
        {"label": _("Where you are signed in"), "icon": "globe", "view": "usersessions_list"},
    ],
}

# People and sessions ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "tenants.accounts.web.backends.PortalBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

SESSION_ENGINE = "tenants.accounts.web.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # the longest any session lives; SessionClockMiddleware ends idle ones sooner
SESSION_IDLE_MINUTES = {"staff": 15, "hr": 15, "member": 30}
SESSION_LONGEST_HOURS = {"staff": 8, "hr": 8, "member": 12}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
STAFF_SECOND_FACTOR = env.flag("STAFF_SECOND_FACTOR", default=HTTPS)
GRANT_MINUTES = env.whole("GRANT_MINUTES", 30, least=1, most=30)

ACCOUNT_ADAPTER = "tenants.accounts.web.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "tenants.accounts.web.adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # ASO or HR opens every account with an address they know; sign-up is closed
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "tenants.accounts.web.tokens.ResetTokenGenerator"  # noqa: S105
ACCOUNT_SALT = lazy(lambda: import_string("tenants.accounts.web.adapter.salt")(), str)()  # per employer
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_RATE_LIMITS = {"login_failed": ""}  # axes counts failures, per employer
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "ASO portal"
USERSESSIONS_TRACK_ACTIVITY = False

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "tenants.accounts.web.backends.attempted_login"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_PROXY_COUNT = env.whole("PROXY_COUNT", 0, most=10)
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ("HTTP_X_FORWARDED_FOR", "REMOTE_ADDR") if AXES_IPWARE_PROXY_COUNT else ("REMOTE_ADDR",)
)

# Headers; the content policies are in tenants.web.headers -----------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 86_400 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Language, time, files ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("sv", "Svenska")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.text("FILES_ROOT", str(BASE_DIR / ".var" / "files")))
MEDIA_URL = ""
MULTITENANT_RELATIVE_MEDIA_ROOT = "%s"
STORAGES = {
    "default": {"BACKEND": "django_tenants.files.storage.TenantFileSystemStorage"},
    "staticfiles": {
        # Compressing takes half a minute of work: worth it once for every visitor, not for a first look on one's own.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HTTPS
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG

# API, workers, mail, logs -------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "tenants.web.permissions.ApiKeyAuthentication",
        "tenants.web.permissions.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["tenants.web.permissions.NobodyUnlessSaid"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "tenants.web.problems.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["tenants.web.throttles.PerCaller", "tenants.web.throttles.PerEmployer"],
    "DEFAULT_THROTTLE_RATES": {"caller": "120/min", "employer": "3000/min", "partner": "1200/min"},
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": AXES_IPWARE_PROXY_COUNT,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ASO portal",
    "VERSION": "1",
    "DESCRIPTION": "People, coverage, claims and limits of one employer, on the employer's own host. "
    "Money is whole cents, days are ISO dates, an end date is the first day that no longer counts.",
    "OAS_VERSION": "3.1.0",
    "ENUM_NAME_OVERRIDES": {
        "StepKindEnum": "claims.api.serializers.STEP_KINDS",
        "LimitKindEnum": "claims.api.serializers.LIMIT_KINDS",
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["tenants.web.permissions.SignedIn"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = (
    False  # a task that kills its process would come back without end; rows say what is left
)
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"claims.work_night": {"queue": "night"}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1_000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB; a fresh process then takes over between two tasks
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_POOL = "prefork"
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3_600}  # longer than any task may run
CELERY_BEAT_SCHEDULE = schedule.BEAT
CELERY_DB_REUSE_MAX = 500  # aso_portal.celery hands it over by this literal key

NIGHT_WORKERS = env.whole(
    "NIGHT_WORKERS", 2, least=1, most=10_000
)  # processes of all hosts that work the queue "night"
NIGHT_LEASE_SECONDS = env.whole("NIGHT_LEASE_SECONDS", 30, least=1, most=3_600)  # from the lease to its transaction
NIGHT_AUTO_PAY_LIMIT_CENTS = env.whole("NIGHT_AUTO_PAY_LIMIT_CENTS", 0)  # dearer claims wait for a person; 0: none do
NIGHT_BEGINS_HOUR = env.whole("NIGHT_BEGINS_HOUR", 20, least=0, most=23)  # in the employer's time zone
OVERRIDE_SECOND_ABOVE_CENTS = env.whole(
    "OVERRIDE_SECOND_ABOVE_CENTS", 50_000
)  # what an examiner sets by hand and moves more money waits for a second person

PLAN_ENGINE = "claims.services.plan_engine"  # what proves plan versions; benefits names it by this string only
PLAN_GOLDEN_CLAIMS_A_CATEGORY = env.whole("PLAN_GOLDEN_CLAIMS_A_CATEGORY", 1, least=1, most=100)
PLAN_IMPACT_MONTHS = env.whole("PLAN_IMPACT_MONTHS", 6, least=1, most=36)  # of real claims compared before publication
PLAN_IMPACT_DAYS = env.whole("PLAN_IMPACT_DAYS", 7, least=1, most=90)  # how long such a comparison is fresh

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if env.text('EMAIL_HOST') else 'console'}.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.whole("EMAIL_PORT", 587, least=1, most=65_535)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.text("EMAIL_USER"), env.text("EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_TLS", default=True)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "benefits@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.choice("LOG_LEVEL", "INFO", among=("DEBUG", "INFO", "WARNING", "ERROR")),
    },
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"level": "ERROR"},  # its warnings repeat what a stranger typed into the sign-in form
    },
}

UNFOLD = {
    "SITE_TITLE": "ASO operations",
    "SITE_HEADER": "ASO operations",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/icon.svg")}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SIDEBAR": {"show_search": False, "show_all_applications": False},
    "STYLES": [lambda request: static("css/admin.css")],
    "SCRIPTS": [lambda request: static("js/admin.js"), lambda request: static("js/desk_keys.js")],
    "ENVIRONMENT": "tenants.web.sites.operations_badge",
    "DASHBOARD_CALLBACK": "tenants.admin.dashboard.dashboard",
    "COLORS": {
        "primary": {
            "50": "#eef8f9",
            "100": "#d6eef0",
            "200": "#aedde1",
            "300": "#7cc5cc",
            "400": "#5cb5bf",
            "500": "#6fc7d1",  # text on dark
            "600": "#0b5d66",
            "700": "#0a4f57",
            "800": "#083f45",
            "900": "#062f34",
            "950": "#041f23",
        },
    },
}
UNFOLD_DESK = {
    **UNFOLD,
    "SITE_TITLE": "Desk",
    "SITE_HEADER": "Desk",
    "ENVIRONMENT": "tenants.web.sites.desk_badge",
    "DASHBOARD_CALLBACK": None,
}

# The organisation that runs this portal: payer on remittances, sender of our files ------------------------------------

ASO_ORGANIZATION = {
    "name": env.text("ASO_NAME", "ASO portal"),
    "interchange_id": env.text("ASO_INTERCHANGE_ID", "ASOPORTAL"),
    "contact": env.text("ASO_CONTACT", "Claims desk"),
    "phone": env.text("ASO_PHONE", "8005550100"),
    "street": env.text("ASO_STREET", "1 Main St"),
    "city": env.text("ASO_CITY", "Dayton"),
    "state": env.text("ASO_STATE", "OH"),
    "postal_code": env.text("ASO_POSTAL_CODE", "45402"),
}
