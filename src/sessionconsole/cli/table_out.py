"""Plain text for people to read in a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, tzinfo

from sessionconsole.cli.json_out import state_of
from sessionconsole.cli.results import Result
from sessionconsole.domain.assessments import Level
from sessionconsole.domain.bulk import Left
from sessionconsole.domain.countries import country_name
from sessionconsole.domain.orders import Order, Outcome
from sessionconsole.domain.sessions import LoginSession
from sessionconsole.domain.text import inert
from sessionconsole.services.states import Row

NOT_PROVIDED = "not provided"


def list_table(rows: Sequence[Row], as_of: datetime, now: datetime, zone: tzinfo, *, offline: bool) -> str:
    """One line per session under a heading that says how old the list is; times are local to this computer."""
    lines = [
        (
            row.session.person.shown,
            session_device(row.session),
            _place(row.session),
            row.session.ip or NOT_PROVIDED,
            ago(now, row.session.last_active_at),
            _state(row, as_of),
            row.session.handle,
        )
        for row in rows
    ]
    header = ("PERSON", "DEVICE", "PLACE", "IP", "LAST ACTIVE", "STATE", "HANDLE")
    count = f"{len(rows)} session{'' if len(rows) == 1 else 's'}"
    source = ", the list stored here" if offline else ""
    heading = f"{count} as of {local(as_of, zone)} ({ago(now, as_of)}){source}"
    return f"{heading}\n\n{columns([header, *lines])}"


def facts_table(sessions: Sequence[LoginSession], zone: tzinfo) -> str:
    """What the platform tells of these sessions, as the window shows it."""
    header = ("PERSON", "DEVICE", "PLACE", "IP", "SIGNED IN", "LAST ACTIVE", "THIS PROGRAM")
    own = {True: "yes", False: "no", None: "not told"}
    lines = [
        (
            session.person.shown,
            session_device(session),
            _place(session),
            session.ip or NOT_PROVIDED,
            local(session.signed_in_at, zone) if session.signed_in_at else NOT_PROVIDED,
            local(session.last_active_at, zone) if session.last_active_at else NOT_PROVIDED,
            own[session.is_current],
        )
        for session in sessions
    ]
    return columns([header, *lines])


def orders_table(orders: Sequence[Order], zone: tzinfo) -> str:
    """One line per order, oldest first."""
    if not orders:
        return "No orders."
    header = ("ORDERED", "PERSON", "DEVICE", "STATE", "OUTCOME", "ORDER")
    return columns(
        [
            header,
            *(
                (
                    local(order.ordered_at, zone),
                    order.facts.person.shown,
                    order.facts.device.shown,
                    order.state.value,
                    order.outcome.value if order.outcome else "",
                    order.id,
                )
                for order in orders
            ),
        ]
    )


def results_text(results: Sequence[Result], zone: tzinfo) -> str:
    """One line per session."""
    return "\n".join(f"{result.about or result.handle}: {_outcome(result, zone)}" for result in results)


def ending_text(rows: Sequence[Row]) -> str:
    """What would be ended, a line each."""
    return "\n".join(
        f"  {row.session.person.shown}, {session_device(row.session)}, {_place(row.session)}"
        f"{' (this console)' if row.session.is_current else ''}"
        for row in rows
    )


_WHY_LEFT = {
    Left.NEVER_IN_BULK: "These stay, because their devices are never ended in bulk. To end one, give its handle:",
    Left.LAST_USE_NOT_TOLD: "These stay, because the platform does not tell when they were last used:",
}


def staying_text(left: Sequence[tuple[Row, Left]]) -> str:
    """What was meant and is left, with the reasons, a line each."""
    parts = []
    for reason, words in _WHY_LEFT.items():
        rows = [row for row, why in left if why is reason]
        if rows:
            handles = "\n".join(
                f"  {inert(row.session.person.shown)}, {inert(session_device(row.session))} ({row.session.handle})"
                for row in rows
            )
            parts.append(f"{words}\n{handles}")
    return "\n".join(parts)


def session_device(session: LoginSession) -> str:
    """What it is and what runs on it: "Windows 10 PC, Firefox"."""
    device = session.device
    what = device.browser or device.app
    return f"{device.shown}, {what}" if what and what != device.shown else device.shown


def columns(lines: Sequence[Sequence[str]]) -> str:
    """The cells in columns of equal width, two spaces apart."""
    shown = [[inert(cell) for cell in line] for line in lines]
    widths = [max(_width(line[column]) for line in shown) for column in range(len(shown[0]))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in shown
    )


def _width(text: str) -> int:
    """Cells of a terminal: letters of East Asia take two, marks none (UAX #11)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def local(moment: datetime, zone: tzinfo) -> str:
    """Date and time on this computer: "Tue 24 Nov 2026 19:00:00"."""
    return f"{moment.astimezone(zone):%a %d %b %Y %H:%M:%S}"


def ago(now: datetime, moment: datetime | None) -> str:
    """How long before `now`: "just now", "5 min ago", "3 h ago", "2 days ago"."""
    if moment is None:
        return NOT_PROVIDED
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} h ago"
    return f"{minutes // (24 * 60)} days ago"


def _place(session: LoginSession) -> str:
    if session.place is None:
        return NOT_PROVIDED
    country = country_name(session.place.country) if session.place.country else None
    return ", ".join(part for part in (session.place.city, country) if part) or NOT_PROVIDED


def _state(row: Row, as_of: datetime) -> str:
    words = [state_of(row, as_of) or NOT_PROVIDED]
    if row.session.is_current:
        words.append("this console")
    if row.assessment.level is not Level.FAMILIAR:
        why = f": {row.assessment.reasons[0].short}" if row.assessment.reasons else ""
        words.append(f"{row.assessment.level.value.upper()}{why}")
    return ", ".join(words)


def _outcome(result: Result, zone: tzinfo) -> str:
    at = f"{result.at.astimezone(zone):%H:%M:%S}" if result.at else ""
    until = f"{result.may_work_until.astimezone(zone):%H:%M:%S}" if result.may_work_until else ""
    why = f" {result.detail}" if result.detail else ""
    match result.outcome:
        case Outcome.PROVED_GONE:
            return f"ended, gone at {at}"
        case Outcome.ALREADY_GONE:
            return "was gone already"
        case Outcome.GONE_LINGERING:
            return f"ended at {at}; may work until {until}"
        case Outcome.HIDDEN_ONLY:
            return f"hidden only.{why}"
        case Outcome.STILL_LISTED:
            return f"still listed.{why}"
        case Outcome.REFUSED:
            return f"refused.{why}"
        case Outcome.UNKNOWN:
            return f"not known whether it was ended.{why}"
        case Outcome.QUEUED:
            return f"not sent yet, queued.{why}"
        case Outcome.WITHDRAWN:
            return f"not ended, the order was withdrawn.{why}"
