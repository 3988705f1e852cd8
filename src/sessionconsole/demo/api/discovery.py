"""What this platform is, what it can do, and where."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sessionconsole.demo.api.requests import operator_of
from sessionconsole.demo.world.addresses import HOME_COUNTRY, OFFICES

LINKS = {
    "sign_in": "/v1/sign-in",
    "second_factor": "/v1/sign-in/second-factor",
    "token": "/v1/token",
    "session": "/v1/session",
    "me": "/v1/me",
    "sessions": "/v1/sessions",
    "end_session": "/v1/sessions/{id}",
    "end_sessions": "/v1/sessions/end",
    "reauthenticate": "/v1/reauthenticate",
    "events": "/v1/events",
    "people": "/v1/people",
    "sessions_of_person": "/v1/people/{account}/sessions",
}
PROVIDES = (
    "name", "role", "user_agent", "app", "device_name", "ip", "place", "network",
    "signed_in_at", "last_active_at", "idle_expires_at", "expires_at",
)  # fmt: skip


async def discover(request: Request) -> JSONResponse:
    """The discovery document."""
    operator = operator_of(request)
    document = {
        "api_version": "1",
        "name": operator.name,
        "links": LINKS,
        "sign_in": {"methods": ["password"], "second_factors": ["totp", "recovery_code"]},
        "revocation_delay": operator.options.revocation_delay,
        "provides": list(PROVIDES),
        "offices": [{"name": office.name, "networks": list(office.networks)} for office in OFFICES],
        "home_country": HOME_COUNTRY,
        "security_page": None,
    }
    return JSONResponse(document, headers={"Cache-Control": "max-age=3600"})


ROUTES = [Route("/.well-known/sessionconsole", discover, methods=["GET"])]
