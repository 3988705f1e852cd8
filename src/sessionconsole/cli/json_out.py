"""The JSON that programs read: these shapes are promises, written down in `docs/command-line.md`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sessionconsole.cli.results import Result
from sessionconsole.cli.telling import advice_for
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.orders import GONE, Order, OrderState
from sessionconsole.domain.sessions import Device, LoginSession, Person
from sessionconsole.services.states import Row


def list_document(rows: Sequence[Row], as_of: datetime, *, offline: bool) -> dict[str, Any]:
    """`list --json`: times are those of the platform, `as_of` is when it last vouched for the list."""
    return {"as_of": utc(as_of), "offline": offline, "sessions": [session_json(row, as_of) for row in rows]}


def session_json(row: Row, as_of: datetime) -> dict[str, Any]:
    """One session with all that is said about it."""
    return session_facts(row.session) | {
        "state": state_of(row, as_of),
        "assessment": {
            "level": row.assessment.level.value,
            "score": float(row.assessment.score),
            "reasons": [{"code": reason.code, "text": reason.text} for reason in row.assessment.reasons],
        },
    }


def session_facts(session: LoginSession) -> dict[str, Any]:
    """What the platform tells of a session."""
    return {
        "id": session.handle,
        "platform": session.handle.partition(":")[0],
        "person": _person(session.person),
        "device": _device(session.device),
        "user_agent": session.user_agent,
        "ip": session.ip,
        "place": {"city": session.place.city, "country": session.place.country} if session.place else None,
        "network": {
            "asn": session.network.asn,
            "name": session.network.name,
            "type": session.network.type,
        }
        if session.network
        else None,
        "signed_in_at": utc(session.signed_in_at),
        "last_active_at": utc(session.last_active_at),
        "idle_expires_at": utc(session.idle_expires_at),
        "expires_at": utc(session.expires_at),
        "is_current": session.is_current,
    }


def state_of(row: Row, as_of: datetime) -> str | None:
    """What the session is doing, or what is being done to it; None where the platform does not tell its last use."""
    return _ordered(row, as_of) or _used(row.session, as_of)


def _ordered(row: Row, as_of: datetime) -> str | None:
    order = row.order
    if order is None or not order.facts.match(row.session):
        return None
    match order.state:
        case OrderState.HELD | OrderState.SENT | OrderState.UNKNOWN:
            return "ending"
        case OrderState.QUEUED:
            return "queued"
        case OrderState.SETTLED:
            # A list that is newer than the proof and has the session again is the better witness.
            proved = order.outcome in GONE and order.settled_at is not None and order.settled_at >= as_of
            return "ended" if proved else None
        case OrderState.WITHDRAWN:
            return None


def _used(session: LoginSession, as_of: datetime) -> str | None:
    if session.is_current:
        return "active"
    idle = session.is_idle(as_of)
    return None if idle is None else "idle" if idle else "active"


def results_document(results: Sequence[Result], problem: SessionConsoleError | None = None) -> dict[str, Any]:
    """`end --json`; with `error` beside the results where something stopped the work."""
    document: dict[str, Any] = {
        "results": [
            {
                "id": result.handle,
                "outcome": result.outcome.value,
                "at": utc(result.at),
                "code": result.code,
                "detail": result.detail,
                "may_work_until": utc(result.may_work_until),
            }
            for result in results
        ]
    }
    return document if problem is None else document | error_document(problem)


def orders_document(orders: Sequence[Order]) -> dict[str, Any]:
    """`outbox --json`, oldest first."""
    return {
        "orders": [
            {
                "order": order.id,
                "session": order.handle,
                "platform": order.platform,
                "person": _person(order.facts.person),
                "device": _device(order.facts.device),
                "ordered_at": utc(order.ordered_at),
                "state": order.state.value,
                "outcome": order.outcome.value if order.outcome else None,
                "code": order.code,
                "detail": order.detail,
            }
            for order in orders
        ]
    }


def error_document(problem: SessionConsoleError) -> dict[str, Any]:
    """What went wrong, with a code that stays the same."""
    return {"error": {"code": problem.code, "message": problem.message, "advice": advice_for(problem)}}


def utc(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, in whole seconds, such as "2026-11-24T09:00:00Z"."""
    if moment is None:
        return None
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _person(person: Person) -> dict[str, Any]:
    return {"account": person.account, "name": person.name}


def _device(device: Device) -> dict[str, Any]:
    return {
        "type": device.type.value,
        "os": device.os,
        "browser": device.browser,
        "app": device.app,
        "name": device.name,
    }
