"""The application: all routes, all refusals, one operator."""

from __future__ import annotations

from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from sessionconsole.demo import problems
from sessionconsole.demo.api import backstage, discovery, events, sessions, sign_in
from sessionconsole.demo.faults import FaultPlan
from sessionconsole.demo.operator import Operator
from sessionconsole.demo.problems import Problem
from sessionconsole.demo.wire import Connections, Wire


def application(operator: Operator, connections: Connections) -> ASGIApp:
    """The ASGI application; `connections` is filled by the server's protocol."""
    app = Starlette(
        routes=[*discovery.ROUTES, *sign_in.ROUTES, *sessions.ROUTES, *events.ROUTES, *backstage.ROUTES],
        exception_handlers={Problem: _refuse, HTTPException: _refuse_http, Exception: _fail},
    )
    app.state.operator = operator
    app.state.faults = FaultPlan()
    app.state.connections = connections
    return Wire(app, operator.clock, app.state.faults, connections, operator.options.latency_ms / 1000)


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
