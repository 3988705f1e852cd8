"""The settings of the test site, as one mapping for `django.conf.settings.configure`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

DATABASE = "site.sqlite3"
REQUEST_LOG = "requests.log"


def site_settings(
    folder: Path, secret_key: str, reauthentication_timeout: float, rate_limits: bool, totp_tolerance: int
) -> dict[str, Any]:
    """Settings for a site that keeps everything it has in folder.

    reauthentication_timeout is in seconds, totp_tolerance in time steps of 30 s either way.
    Source: https://docs.allauth.org/en/latest/ (account, headless, mfa and usersessions configuration).
    """
    limits: dict[str, Any] = {} if rate_limits else {"ACCOUNT_RATE_LIMITS": False, "MFA_RATE_LIMITS": False}
    return limits | {
        "DEBUG": False,
        "SECRET_KEY": secret_key,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
        "ROOT_URLCONF": "tests.allauth_site.urls",
        "USE_TZ": True,
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "DATABASES": {"default": _database(folder / DATABASE)},
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.headless",
            "allauth.mfa",
            "allauth.usersessions",
        ],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "allauth.usersessions.middleware.UserSessionsMiddleware",
        ],
        "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        # Slow hashing is for passwords that live longer than a test.
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "ACCOUNT_LOGIN_METHODS": {"username", "email"},
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": reauthentication_timeout,
        # One proxy is trusted, so that a test gives each client an address of its own by X-Forwarded-For.
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
        "HEADLESS_ONLY": True,
        "HEADLESS_CLIENTS": ("app",),
        "HEADLESS_TOKEN_STRATEGY": "allauth.headless.tokens.strategies.sessions.SessionTokenStrategy",
        "MFA_TOTP_TOLERANCE": totp_tolerance,
        "MFA_RECOVERY_CODE_COUNT": 50,
        "USERSESSIONS_TRACK_ACTIVITY": True,
        "LOGGING": _LOGGING,
    }


def _database(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "timeout": 20,
            # Several clients sign in at once: a writer waits for its turn instead of being refused.
            "transaction_mode": "IMMEDIATE",
            # The database lives as long as a test; no power cut to survive.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF",
        },
    }


# What is wrong on the server's side goes to stderr; that a request was refused is no such thing.
_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler", "level": "ERROR"}},
    "loggers": {"django": {"handlers": ["stderr"]}, "django.server": {"level": "CRITICAL"}},
}
