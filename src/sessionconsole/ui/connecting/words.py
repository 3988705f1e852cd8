"""What a platform cannot do, and what a dry run saw, in plain sentences: pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import timedelta

from sessionconsole.domain.connectors import AboutConnector, FileMistake
from sessionconsole.domain.platforms import Capabilities, Field, PlatformAbout
from sessionconsole.domain.trials import Remark, TriedCall
from sessionconsole.services.states import ListState

NOTHING_MISSING = "It can do everything that this program asks for."
LOOK_ONLY = "Your account may look, and not end sessions."

_VERIFIED = {
    "real-server": "The file was run against the real server.",
    "specification": "The file was written from the maker's published specification, and not run against a server.",
    "no": "The file was neither run against a server nor written from a published specification.",
}
_FACTS = {
    Field.PLACE: "the place",
    Field.NETWORK: "the network",
    Field.LAST_ACTIVE: "when a session was used last",
    Field.SIGNED_IN: "when a session was signed in",
}
_TOLD = {
    "device": "device",
    "user_agent": "browser",
    "ip": "IP address",
    "place": "place",
    "network": "network",
    "signed_in_at": "sign-in time",
    "last_active_at": "last use",
    "idle_expires_at": "expiry unused",
    "expires_at": "expiry",
}
_LONG_PROOF = timedelta(seconds=10)

MARKS = {Remark.GOOD: "Good", Remark.NOTE: "Note", Remark.WRONG: "Wrong"}


def verified(about: AboutConnector) -> str:
    """How far the file can be relied on, as it says itself."""
    return _VERIFIED.get(about.verified, _VERIFIED["no"])


def limits_of_file(about: AboutConnector) -> tuple[str, ...]:
    """What a platform of that kind cannot do, as its file says."""
    if about.found_by_discovery:
        return ("What it can do, the platform itself says.",)
    own = () if about.tells_own_session else ("which session is this program's own",)
    limits = list(_limits(about.capabilities, own))
    if not about.ends:
        limits.insert(0, "It can only be looked at: no session can be ended through it.")
    if about.elsewhere:
        to = " and ".join(about.elsewhere)
        limits.insert(0, f"Whatever address you type, what you enter may be sent to {to}.")
    return (*limits, *about.notes)


def limits_of_platform(shown: ListState) -> tuple[str, ...]:
    """What the platform signed in to cannot do, or this account on it."""
    about = shown.about
    if about is None:
        return ()
    silent = bool(shown.rows) and all(row.session.is_current is None for row in shown.rows)
    own = ("which session is this program's own",) if silent else ()
    look_only = () if shown.may_end else (LOOK_ONLY,)
    return (*look_only, *_limits(about.capabilities, own), *about.notes)


def address_of(about: PlatformAbout) -> str:
    """Where it is, and by which connector it is spoken to."""
    return f"{about.address}, spoken to as {about.connector}"


def mistake_place(mistake: FileMistake) -> str:
    """Where in the file the mistake is."""
    if mistake.line is not None:
        return f"Line {mistake.line}"
    return mistake.key or "The whole file"


def how_many_mistakes(name: str, mistakes: Sequence[FileMistake]) -> str:
    """ "3 mistakes in harbour.toml"."""
    count = len(mistakes)
    return f"{'1 mistake' if count == 1 else f'{count} mistakes'} in {name}"


def duration(time: timedelta) -> str:
    """ "45 seconds", "5 minutes", "2 hours"; rounded up."""
    seconds = max(1, -(-time // timedelta(seconds=1)))
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size * 2 or (seconds == size) or size == 1:
            count = -(-seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    raise AssertionError("one second is one second")


def answer(call: TriedCall) -> str:
    """What came back, and what it was taken for."""
    if call.status is None:
        return "No answer"
    return f"{call.status}: {call.word}" if call.word is not None else f"{call.status}: no row matches"


def why(call: TriedCall) -> str:
    """Which row matched, and why; empty where none did."""
    if call.word is None:
        return ""
    table = "the common outcomes" if call.common else "its outcomes"
    return f"Row {call.row} of {table} matched: {call.why}."


def taken(values: Mapping[str, str]) -> str:
    """What was taken from the answer, secrets masked."""
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def told(count: int, facts: Mapping[str, int]) -> str:
    """ "12 sessions. Device 12, place 0"."""
    sessions = f"{count} session{'' if count == 1 else 's'}"
    parts = ", ".join(f"{_TOLD.get(fact, fact)} {number}" for fact, number in facts.items())
    return f"{sessions}. Of these tell: {parts}." if parts else f"{sessions}."


def _limits(can: Capabilities, more: Sequence[str]) -> Iterator[str]:
    if can.hides_only:
        yield (
            "Ending a session only takes it off the list: what it was signed in with works on. "
            "Change the password of the account as well."
        )
    elif can.revocation_delay:
        yield f"An ended session may still work for up to {duration(can.revocation_delay)}."
    if can.verify_within > _LONG_PROOF:
        yield f"An ended session may stay on its list for up to {duration(can.verify_within)}."
    missing = [*_untold(can.provides), *more]
    if missing:
        yield f"It does not tell {_listed(missing)}."
    if can.last_active_note:
        yield f"The last use is told {can.last_active_note.rstrip('.')}."


def _untold(told: Set[Field]) -> Iterator[str]:
    yield from (words for fact, words in _FACTS.items() if fact not in told)
    match Field.IDLE_EXPIRES in told, Field.EXPIRES in told:
        case False, False:
            yield "when a session expires"
        case False, True:
            yield "when a session expires unused"
        case True, False:
            yield "when a session expires at the latest"


def _listed(parts: Sequence[str]) -> str:
    return " or ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
