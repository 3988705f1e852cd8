"""The application: all routes, all refusals, one operator."""

from __future__ import annotations

from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Scope

from sessionconsole.demo import problems
from sessionconsole.demo.api import backstage, discovery, events, people, sessions, sign_in
from sessionconsole.demo.api.requests import token_of
from sessionconsole.demo.faults import FaultPlan
from sessionconsole.demo.operator import Operator
from sessionconsole.demo.problems import Problem
from sessionconsole.demo.rate_limit import Limited, RateLimit
from sessionconsole.demo.wire import Connections, Wire


def application(operator: Operator, connections: Connections) -> ASGIApp:
    """The ASGI application; `connections` is filled by the server's protocol."""
    app = Starlette(
        routes=[
            *discovery.ROUTES,
            *sign_in.ROUTES,
            *sessions.ROUTES,
            *people.ROUTES,
            *events.ROUTES,
            *backstage.ROUTES,
        ],
        exception_handlers={Problem: _refuse, HTTPException: _refuse_http, Exception: _fail},
    )
    app.state.operator = operator
    app.state.faults = FaultPlan()
    app.state.connections = connections
    limited = Limited(app, RateLimit(operator.options.rate_limit), lambda scope: _client_of(scope, operator))
    return Wire(limited, operator.clock, app.state.faults, connections, operator.options.latency_ms / 1000)


def _client_of(scope: Scope, operator: Operator) -> str:
    """A session for whoever shows a token of one, else the address: one loopback address may be many clients."""
    token = token_of(Request(scope))
    session = operator.tokens.holder(token) if token else None
    return session or str(scope["client"][0])


async def _refuse(_: Request, problem: Exception) -> Response:
    return cast(Problem, problem).response()


async def _refuse_http(_: Request, problem: Exception) -> Response:
    error = cast(HTTPException, problem)
    if error.status_code == 404:
        return problems.not_found().response()
    response = Problem(error.status_code, "method-not-allowed", "This cannot be done here.").response()
    response.headers.update(error.headers or {})
    return response


async def _fail(_: Request, __: Exception) -> Response:
    return problems.internal_error().response()
