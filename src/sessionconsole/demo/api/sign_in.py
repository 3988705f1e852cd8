"""Signing in, staying signed in, proving oneself again, signing out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sessionconsole.demo import problems
from sessionconsole.demo.api.requests import (
    address_of,
    caller_of,
    json_of,
    operator_of,
    optional_text_in,
    text_in,
)
from sessionconsole.demo.clock import iso
from sessionconsole.demo.operator import device_of
from sessionconsole.demo.tokens import Pair


def pair_response(pair: Pair) -> JSONResponse:
    """A pair of tokens as the Console API writes it."""
    return JSONResponse(
        {
            "access_token": pair.access,
            "token_type": "Bearer",
            "expires_in": pair.expires_in,
            "refresh_token": pair.refresh,
        }
    )


async def sign_in(request: Request) -> JSONResponse:
    """User name and password; tokens or one more step."""
    body = await json_of(request)
    device = device_of(request.headers.get("user-agent"), optional_text_in(body, "device_name", 100))
    username, password = text_in(body, "username", 200), text_in(body, "password", 1000)
    return pair_response(operator_of(request).sign_in(username, password, device, address_of(request)))


async def second_factor(request: Request) -> JSONResponse:
    """The step after a right password."""
    body = await json_of(request)
    device = device_of(request.headers.get("user-agent"))
    challenge, method, code = text_in(body, "challenge", 500), _method_in(body), text_in(body, "code", 100)
    return pair_response(operator_of(request).complete(challenge, method, code, device, address_of(request)))


async def token(request: Request) -> JSONResponse:
    """The next pair for a refresh token."""
    body = await json_of(request)
    return pair_response(operator_of(request).renew(text_in(body, "refresh_token", 500)))


async def sign_out(request: Request) -> Response:
    """End the caller's own session."""
    caller = caller_of(request)
    operator_of(request).end(caller.session.id)
    return Response(status_code=204)


async def me(request: Request) -> JSONResponse:
    """Who the caller is."""
    caller = caller_of(request)
    person = caller.account.person
    return JSONResponse(
        {
            "account": person.account,
            "name": person.name,
            "role": person.role,
            "may_end": caller.account.may_end,
            "session_id": caller.session.id,
            "authenticated_at": iso(caller.authenticated_at),
        }
    )


async def reauthenticate(request: Request) -> Response:
    """Prove once more that it is you."""
    caller = caller_of(request)
    body = await json_of(request)
    password = optional_text_in(body, "password", 1000)
    if caller.account.methods:
        if "code" not in body:
            raise problems.invalid_request("This account proves itself with method and code.")
        method, code = _method_in(body), text_in(body, "code", 100)
    else:
        if password is None:
            raise problems.invalid_request("This account proves itself with its password.")
        method = code = ""
    operator_of(request).prove(caller, password=password, method=method, code=code)
    return Response(status_code=204)


def _method_in(body: dict[str, object]) -> str:
    method = text_in(body, "method", 20)
    if method not in ("totp", "recovery_code"):
        raise problems.invalid_request("method must be totp or recovery_code.")
    return method


ROUTES = [
    Route("/v1/sign-in", sign_in, methods=["POST"]),
    Route("/v1/sign-in/second-factor", second_factor, methods=["POST"]),
    Route("/v1/token", token, methods=["POST"]),
    Route("/v1/session", sign_out, methods=["DELETE"]),
    Route("/v1/me", me, methods=["GET"]),
    Route("/v1/reauthenticate", reauthenticate, methods=["POST"]),
]
