"""What every route needs: the operator, a JSON body of modest size, and who is calling."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from sessionconsole.demo import problems
from sessionconsole.demo.operator import AT_ONCE, Caller, Operator
from sessionconsole.demo.world.addresses import as_seen

LARGEST_BODY = 64 * 1024


def operator_of(request: Request) -> Operator:
    """The operator behind this application, caught up with its clock as far as nobody has to wait for it."""
    operator: Operator = request.app.state.operator
    operator.catch_up(AT_ONCE)
    return operator


def caller_of(request: Request) -> Caller:
    """Who the bearer token of this request speaks for; raises Problem."""
    token = token_of(request)
    if token is None:
        raise problems.token_missing()
    return operator_of(request).caller(token)


def token_of(request: Request) -> str | None:
    """The bearer token of this request."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def address_of(request: Request) -> str:
    """The address of the client, as the platform sees it."""
    return as_seen(request.client.host if request.client else "")


async def json_of(request: Request) -> dict[str, Any]:
    """The JSON object in the body; raises Problem where there is none."""
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        raise problems.invalid_request("The body must be application/json.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise problems.too_large()
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise problems.invalid_request("The body is not JSON.") from None
    if not isinstance(document, dict):
        raise problems.invalid_request("The body must be a JSON object.")
    return document


def text_in(document: dict[str, Any], name: str, longest: int) -> str:
    """A required text of the body; raises Problem."""
    value = optional_text_in(document, name, longest)
    if value is None:
        raise problems.invalid_request(f"{name} is missing.")
    return value


def optional_text_in(document: dict[str, Any], name: str, longest: int) -> str | None:
    """A text of the body that may be missing or null; raises Problem."""
    value = document.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > longest:
        raise problems.invalid_request(f"{name} must be a text of at most {longest} characters.")
    return value
