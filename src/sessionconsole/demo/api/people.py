"""The people of the platform, for who may look: who they are, and how many sessions each has."""

from __future__ import annotations

import bisect
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sessionconsole.demo import problems
from sessionconsole.demo.api.requests import operator_of
from sessionconsole.demo.api.sessions import limit_in, looking_caller_of, page_of


async def list_people(request: Request) -> JSONResponse:
    """One page, by account; the cursor is the last account of the page before."""
    looking_caller_of(request)
    operator = operator_of(request)
    limit = limit_in(request)
    cursor = request.query_params.get("cursor")
    first = 0 if cursor is None else bisect.bisect_right(operator.everybody, cursor)
    accounts = operator.everybody[first : first + limit]
    more = len(operator.everybody) > first + limit
    people = [operator.people[account] for account in accounts]
    return JSONResponse(
        {
            "people": [
                {
                    "account": person.account,
                    "name": person.name,
                    "role": person.role,
                    "disabled": False,
                    "session_count": operator.register.count_of(person.account),
                }
                for person in people
            ],
            "next": "?" + urlencode({"limit": limit, "cursor": accounts[-1]}) if more else None,
        }
    )


async def list_sessions_of_person(request: Request) -> JSONResponse:
    """One page of one person's sessions."""
    caller = looking_caller_of(request)
    account = request.path_params["account"]
    if account not in operator_of(request).people:
        raise problems.not_found("There is no such account.")
    return JSONResponse(page_of(request, caller, account))


ROUTES = [
    Route("/v1/people", list_people, methods=["GET"]),
    Route("/v1/people/{account}/sessions", list_sessions_of_person, methods=["GET"]),
]
