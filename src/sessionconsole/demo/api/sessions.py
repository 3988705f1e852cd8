"""Who is signed in, page by page, and ending what does not belong."""

from __future__ import annotations

import base64
import re
from dataclasses import asdict
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sessionconsole.demo import problems
from sessionconsole.demo.api.requests import caller_of, json_of, operator_of
from sessionconsole.demo.breaches import Breach
from sessionconsole.demo.clock import iso, iso_or_none
from sessionconsole.demo.operator import Caller, Operator
from sessionconsole.demo.sessions import Key, Session

LIMIT = 200
LARGEST_LIMIT = 1000
MOST_AT_ONCE = 500
_ID = re.compile(r"[A-Za-z0-9._~-]{1,200}")


async def list_sessions(request: Request) -> Response:
    """One page; the first carries the ETag of the whole list."""
    caller = looking_caller_of(request)
    operator = operator_of(request)
    limit_in(request)  # a senseless question is refused also where nothing has changed
    etag = mark_of(operator, caller)
    first = "cursor" not in request.query_params
    if first and _holds(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers={"ETag": etag})
    return JSONResponse(page_of(request, caller), headers={"ETag": etag} if first else {})


def looking_caller_of(request: Request) -> Caller:
    """The caller, who may look at others; raises Problem."""
    caller = caller_of(request)
    if not caller.account.may_look:
        raise problems.not_allowed("It may not see who is signed in.")
    return caller


def page_of(request: Request, caller: Caller, account: str | None = None) -> dict[str, object]:
    """The page that the query asks for, of all sessions or of one account's."""
    operator = operator_of(request)
    limit = limit_in(request)
    cursor = request.query_params.get("cursor")
    found = operator.register.after(None if cursor is None else _key_in(cursor), limit + 1, account)
    page = found[:limit]
    more = len(found) > limit or Breach.PAGES_WITHOUT_END in operator.breaches
    return {
        "as_of": iso(operator.register.changed_at),
        "sessions": [shown(session, caller) for session in page],
        "next": _next(page[-1].key if page else (0, "_"), limit) if more else None,
    }


async def end_session(request: Request) -> Response:
    """End one; 204, or the reason why not."""
    caller = caller_of(request)
    operator = operator_of(request)
    operator.effects.end_requests += 1
    session_id = request.path_params["id"]
    if session_id != caller.session.id:
        operator.refuse_unless_may_end(caller)
    if not operator.end(session_id):
        raise problems.not_found("The session is gone already, or was never there.")
    return Response(status_code=204)


async def end_sessions(request: Request) -> JSONResponse:
    """End several, with one result for each."""
    caller = caller_of(request)
    operator = operator_of(request)
    ids = _ids_in(await json_of(request))
    operator.effects.end_requests += 1
    if ids != [caller.session.id]:
        operator.refuse_unless_may_end(caller)
    refused: set[str] = request.state.refused if hasattr(request.state, "refused") else set()
    results = {session_id: _end_one(operator, session_id, refused) for session_id in ids}
    return JSONResponse({"results": [results[session_id] for session_id in ids]})


def mark_of(operator: Operator, caller: Caller) -> str:
    """The ETag of the whole list as this caller sees it."""
    revision = 0 if Breach.ETAG_NEVER_CHANGES in operator.breaches else operator.register.revision
    return f'"{operator.born}-{revision}-{caller.session.id[4:]}"'


def shown(session: Session, caller: Caller) -> dict[str, object]:
    """A session as the Console API writes it."""
    place, network = session.where
    return {
        "id": session.id,
        "account": session.person.account,
        "name": session.person.name,
        "role": session.person.role,
        "user_agent": session.device.user_agent,
        "app": session.device.app,
        "device_name": session.device.name,
        "ip": session.ip,
        "place": asdict(place) if place else None,
        "network": asdict(network) if network else None,
        "signed_in_at": iso(session.signed_in),
        "last_active_at": iso(session.active),
        "idle_expires_at": iso_or_none(session.idle_expires),
        "expires_at": iso_or_none(session.expires),
        "is_current": session.id == caller.session.id,
    }


def _end_one(operator: Operator, session_id: str, refused: set[str]) -> dict[str, object]:
    if session_id in refused:
        return {
            "id": session_id,
            "status": "refused",
            "code": "not-allowed",
            "detail": "This one may not be ended.",
        }
    if operator.end(session_id):
        return {"id": session_id, "status": "ended"}
    return {"id": session_id, "status": "not-found", "code": "not-found", "detail": "It is gone already."}


def _ids_in(body: dict[str, object]) -> list[str]:
    ids = body.get("ids")
    if not isinstance(ids, list) or not all(isinstance(each, str) and _ID.fullmatch(each) for each in ids):
        raise problems.invalid_request("ids must be a list of ids of sessions.")
    if not 1 <= len(ids) <= MOST_AT_ONCE or len(set(ids)) != len(ids):
        raise problems.invalid_request(f"ids must hold 1 to {MOST_AT_ONCE} different ids.")
    return ids


def limit_in(request: Request) -> int:
    """How many a page may have; raises Problem."""
    text = request.query_params.get("limit", str(LIMIT))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= LARGEST_LIMIT:
        raise problems.invalid_request(f"limit must be 1 to {LARGEST_LIMIT}.")
    return int(text)


def _holds(if_none_match: str | None, etag: str) -> bool:
    if if_none_match is None:
        return False
    given = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return etag in given or given == ["*"]


def _next(key: Key, limit: int) -> str:
    cursor = base64.urlsafe_b64encode(f"{key[0]} {key[1]}".encode()).decode().rstrip("=")
    return "?" + urlencode({"limit": limit, "cursor": cursor})


def _key_in(cursor: str) -> Key:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        signed_in, session_id = text.split(" ")
        return int(signed_in), session_id
    except ValueError:
        raise problems.invalid_request("The cursor is not one of this platform.") from None


ROUTES = [
    Route("/v1/sessions", list_sessions, methods=["GET"]),
    Route("/v1/sessions/end", end_sessions, methods=["POST"]),
    Route("/v1/sessions/{id}", end_session, methods=["DELETE"]),
]
