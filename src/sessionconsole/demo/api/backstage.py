"""Doors that no booking platform has: they let a test see effects, cause faults, and move the world.

They are not part of the Console API. The server listens on loopback only, and a body must be JSON, so that no web
page can send one unasked.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sessionconsole.demo import problems
from sessionconsole.demo.accounts import MANAGER
from sessionconsole.demo.api.requests import address_of, json_of, operator_of, optional_text_in, text_in
from sessionconsole.demo.breaches import read
from sessionconsole.demo.clock import iso
from sessionconsole.demo.faults import FaultPlan
from sessionconsole.demo.operator import device_of


async def effects(request: Request) -> JSONResponse:
    """How often each end took effect, and how often it was asked."""
    seen = operator_of(request).effects
    return JSONResponse(
        {"ended": dict(seen.ended), "end_requests": seen.end_requests, "refreshes": seen.refreshes}
    )


async def faults(request: Request) -> JSONResponse:
    """Plan faults for the requests to come: {"next": [{"match", "fault", "times"}]}; an empty list clears."""
    plan: FaultPlan = request.app.state.faults
    plan.plan((await json_of(request)).get("next"))
    return JSONResponse({"planned": len(plan)})


async def breaches(request: Request) -> JSONResponse:
    """Break the contract in these ways from now on: {"breaches": [...]}; an empty list keeps it again."""
    operator = operator_of(request)
    operator.breaches = read((await json_of(request)).get("breaches"))
    return JSONResponse({"breaches": sorted(operator.breaches)})


async def clients(request: Request) -> JSONResponse:
    """Sign another client in, as any account, and give out its tokens."""
    body = await json_of(request)
    operator = operator_of(request)
    account = operator.accounts.get(text_in(body, "account", 200))
    if account is None:
        raise problems.not_found("There is no such account.")
    device = device_of(
        optional_text_in(body, "user_agent", 1000),
        optional_text_in(body, "device_name", 100),
        optional_text_in(body, "app", 100),
    )
    pair = operator.admit(account, device, optional_text_in(body, "ip", 60) or address_of(request))
    return JSONResponse(
        {
            "session_id": operator.tokens.session_of_access(pair.access),
            "access_token": pair.access,
            "refresh_token": pair.refresh,
        },
        status_code=201,
    )


async def intruder(request: Request) -> JSONResponse:
    """The login that does not belong appears at once."""
    await json_of(request)
    return JSONResponse({"session_id": operator_of(request).intrude().id}, status_code=201)


async def advance(request: Request) -> JSONResponse:
    """Move the world's clock on by {"seconds"}."""
    seconds = (await json_of(request)).get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < 1e8:
        raise problems.invalid_request("seconds must be a number from 0.")
    operator = operator_of(request)
    operator.clock.advance(seconds)
    await operator.live_on()
    return JSONResponse({"now": iso(operator.clock.now())})


async def recovery_codes(request: Request) -> JSONResponse:
    """The recovery codes that are left to the manager."""
    return JSONResponse({"recovery_codes": operator_of(request).accounts[MANAGER].recovery_codes})


ROUTES = [
    Route("/demo/effects", effects, methods=["GET"]),
    Route("/demo/faults", faults, methods=["POST"]),
    Route("/demo/breaches", breaches, methods=["POST"]),
    Route("/demo/clients", clients, methods=["POST"]),
    Route("/demo/intruder", intruder, methods=["POST"]),
    Route("/demo/advance", advance, methods=["POST"]),
    Route("/demo/recovery-codes", recovery_codes, methods=["GET"]),
]
