"""Ending many sessions at once: which of them are ended, and which are left, each for a reason. Pure rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sessionconsole.domain.sessions import Handle, LoginSession
from sessionconsole.domain.sparing import Spared

MOST_IDLE_DAYS = 3650
"""The longest that a rule for idle sessions may ask for."""


class Left(StrEnum):
    """Why a session that the wish is about is not ended; the order is that in which they are told."""

    MAY_ONLY_LOOK = "may-only-look"
    THIS_CONSOLE = "this-console"
    MAYBE_THIS_CONSOLE = "maybe-this-console"
    NEVER_IN_BULK = "never-in-bulk"
    LAST_USE_NOT_TOLD = "last-use-not-told"
    ALREADY_ENDING = "already-ending"
    NOT_LISTED = "not-listed"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of the list; `listed` is False for one that has gone from it and is still shown."""

    session: LoginSession
    spared: Spared = Spared.NO
    ending: bool = False
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Others:
    """Every session but this console's own."""


@dataclass(frozen=True, slots=True)
class IdleLonger:
    """Every session whose last use is more than so many days ago."""

    days: int


@dataclass(frozen=True, slots=True)
class Picked:
    """Exactly these sessions."""

    handles: frozenset[Handle]


@dataclass(frozen=True, slots=True)
class OfPerson:
    """Every session of one account."""

    account: str


Wish = Others | IdleLonger | Picked | OfPerson


@dataclass(frozen=True, slots=True)
class Bulk:
    """What a wish comes to: the rows to end, and those that it is about and are left."""

    to_end: Sequence[Candidate] = ()
    left: Sequence[tuple[Candidate, Left]] = ()

    @property
    def reasons(self) -> Mapping[Left, int]:
        """How many are left for each reason, in the order of `Left`."""
        counted = Counter(reason for _, reason in self.left)
        return {reason: counted[reason] for reason in Left if counted[reason]}


def choose(
    candidates: Iterable[Candidate], wish: Wish, now: datetime, *, own_account: str, may_end: bool = True
) -> Bulk:
    """The rows that the wish ends and those that it leaves, in the order of `candidates`.

    `now` is when the list was last vouched for: nobody has seen who used a session since. A platform that does not
    mark the session which asks leaves unknown which one of the own account that is, so all of those are left.
    """
    rows = list(candidates)
    own_is_known = any(row.session.is_current for row in rows)
    to_end: list[Candidate] = []
    left: list[tuple[Candidate, Left]] = []
    for row in rows:
        if not _is_about(wish, row, now):
            continue
        mine = not own_is_known and row.session.is_current is None
        maybe_own = mine and row.session.person.account == own_account
        why = _why_left(row, wish, maybe_own=maybe_own, may_end=may_end)
        if why is None:
            to_end.append(row)
        else:
            left.append((row, why))
    return Bulk(to_end, left)


def _is_about(wish: Wish, row: Candidate, now: datetime) -> bool:
    session = row.session
    match wish:
        case Picked(handles):
            return session.handle in handles
        case OfPerson(account):
            return row.listed and session.person.account == account
        case IdleLonger(days):
            used = session.last_active_at
            return row.listed and (used is None or now - used > timedelta(days=days))
        case Others():
            return row.listed


def _why_left(row: Candidate, wish: Wish, *, maybe_own: bool, may_end: bool) -> Left | None:
    reasons = (
        (not row.listed, Left.NOT_LISTED),
        (bool(row.session.is_current), Left.THIS_CONSOLE),
        (maybe_own, Left.MAYBE_THIS_CONSOLE),
        (row.ending, Left.ALREADY_ENDING),
        (row.spared is Spared.YES, Left.NEVER_IN_BULK),
        (isinstance(wish, IdleLonger) and row.session.last_active_at is None, Left.LAST_USE_NOT_TOLD),
        (not may_end, Left.MAY_ONLY_LOOK),
    )
    return next((why for holds, why in reasons if holds), None)


def still_meant(seen: Bulk, now: Bulk, same: Collection[Handle]) -> Sequence[Handle]:
    """Of what somebody saw and agreed to, what would be ended now as well; `same` are sessions that are the same."""
    would = {row.session.handle for row in now.to_end}
    return [h for row in seen.to_end if (h := row.session.handle) in would and h in same]
