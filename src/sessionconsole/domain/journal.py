"""The journal: who did what, in a chain in which no line can be changed, moved or left out unseen.

A line is written once and never changed: its text is canonical JSON (sorted, ASCII, no blanks), and its hash is SHA-256
over the hash before it, its number and its text. Names are not in the text but beside it, because whoever is forgotten
must be able to leave: the text has a commitment of them only, SHA-256 over the names with a random salt. Erased with
their salt they cannot be guessed from it any more, and the chain holds as before.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sessionconsole.domain.orders import Order, Outcome
from sessionconsole.domain.sessions import Handle

BEGINNING = "0" * 64
"""The hash before the first line."""

_NAME_LIMIT = 200
_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}\Z")
_OTHER_CODE = "other"


class Kind(StrEnum):
    """What is written down."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    VERDICT = "verdict"
    VERDICT_TAKEN_BACK = "verdict-taken-back"
    ORDER = "order"
    RESULT = "result"
    CAME_BACK = "came-back"
    CONNECTOR_ADDED = "connector-added"
    PERSON_FORGOTTEN = "person-forgotten"
    REPORT = "report"
    GAP_ACCEPTED = "gap-accepted"


@dataclass(frozen=True, slots=True)
class By:
    """Who did it: account at the platform, user of this computer, and the name typed at a sign-off."""

    account: str | None = None
    user: str | None = None
    signed_off_as: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """To whom it was done, and on which device in words."""

    account: str
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What happened, and nothing that it does not need: no address of the network, no browser string, no place.

    `code` says more in one word, `late` that it was written down at a later start only, and `erased` of which lines
    the names were removed, as in "3-9,12". By `mark`, which is not in the chain, one without an order is known again.
    """

    kind: Kind
    at: datetime
    platform: str | None = None
    address: str | None = None
    by: By | None = None
    about: About | None = None
    session: Handle | None = None
    order: str | None = None
    outcome: Outcome | None = None
    code: str | None = None
    late: bool = False
    erased: str | None = None
    mark: str | None = None

    @property
    def once(self) -> str | None:
        """What can be written down only once; None where the same may happen again."""
        return f"{self.order}/{self.kind}" if self.order else self.mark


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is kept; `by` and `about` are the names with their salt, None where there are none any more."""

    number: int
    text: str
    hash: str
    by: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of the chain at some moment."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that was read; `sealed` has the commitments of its names, by "by" and "about"."""

    act: Act
    line: Line
    sealed: Mapping[str, str] = field(default_factory=dict)

    @property
    def erased_parts(self) -> tuple[str, ...]:
        """Those of "by" and "about" that it had and has no more."""
        line = self.line
        return tuple(part for part in self.sealed if (line.by if part == "by" else line.about) is None)

    @property
    def nameless(self) -> bool:
        """Whether names were erased."""
        return bool(self.erased_parts)

    @property
    def number(self) -> int:
        """Its place in the chain, from 1."""
        return self.line.number


def is_written(order: Order, known: Collection[str]) -> bool:
    """Whether all that is to be in the journal of an order is among the `Act.once` that are known to be there.

    Quicker than to make its acts, and asked of every order at every step of any of them.
    """
    return (
        f"{order.id}/{Kind.ORDER}" in known
        and (order.is_open or f"{order.id}/{Kind.RESULT}" in known)
        and (order.came_back_at is None or f"{order.id}/{Kind.CAME_BACK}" in known)
    )


def acts_of(order: Order, user: str | None) -> tuple[Act, ...]:
    """What is to be in the journal of an order as it is now: that it was given, and what became of it."""
    given = Act(
        Kind.ORDER,
        order.ordered_at,
        order.platform,
        order.address,
        By(order.account, user),
        About(order.facts.person.account, order.facts.device.shown),
        order.handle,
        order.id,
    )
    if order.is_open:
        return (given,)
    at = order.settled_at or order.ordered_at
    if order.came_back_at is not None:
        # It was proved gone first, and that was its result.
        result = replace(given, kind=Kind.RESULT, at=at, outcome=Outcome.PROVED_GONE)
        return given, result, replace(given, kind=Kind.CAME_BACK, at=order.came_back_at)
    return given, replace(given, kind=Kind.RESULT, at=at, outcome=order.outcome, code=order.code)


def write_line(act: Act, number: int, before: str, salt: Callable[[], str]) -> Line:
    """The line of that act; `before` is the hash of the one before it, and `salt` gives 32 random hex digits."""
    names = {
        part: _canonical({**told, "salt": salt()})
        for part, told in (("about", _about(act.about)), ("by", _by(act.by)))
        if told
    }
    told = {
        "number": number,
        "at": f"{act.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "kind": act.kind.value,
        "platform": _short(act.platform),
        "address": _short(act.address),
        "session": _short(act.session),
        "order": _short(act.order),
        "outcome": act.outcome.value if act.outcome else None,
        "code": _code(act.code),
        "late": act.late or None,
        "erased": act.erased,
        "names": {part: commitment(text) for part, text in names.items()} or None,
    }
    text = _canonical(told)
    return Line(number, text, chain_hash(before, number, text), names.get("by"), names.get("about"))


def read_line(line: Line) -> Entry:
    """What the line says; raises ValueError where it makes no sense."""
    try:
        told = json.loads(line.text)
        by, about = _names(line.by), _names(line.about)
        sealed = {part: str(told["names"][part]) for part in ("by", "about") if part in told.get("names", {})}
        act = Act(
            kind=Kind(told["kind"]),
            at=datetime.fromisoformat(told["at"]),
            platform=told.get("platform"),
            address=told.get("address"),
            by=By(by.get("account"), by.get("user"), by.get("signed_off_as")) if by else None,
            about=About(about["account"], about.get("device")) if about else None,
            session=Handle(told["session"]) if "session" in told else None,
            order=told.get("order"),
            outcome=Outcome(told["outcome"]) if "outcome" in told else None,
            code=told.get("code"),
            late=told.get("late", False),
            erased=told.get("erased"),
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as problem:
        raise ValueError(f"line {line.number} cannot be read") from problem
    return Entry(act, line, sealed)


def chain_hash(before: str, number: int, text: str) -> str:
    """The hash of a line: SHA-256 of the one before, the number and the text, a line each."""
    return hashlib.sha256(f"{before}\n{number}\n{text}".encode(errors="surrogatepass")).hexdigest()


def commitment(names: str) -> str:
    """What stands in the chain for names with their salt."""
    return hashlib.sha256(names.encode(errors="surrogatepass")).hexdigest()


def numbers_text(numbers: Iterable[int]) -> str:
    """Numbers as "3-9,12"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def numbers_of(text: str) -> list[range]:
    """What `numbers_text` wrote; raises ValueError."""
    pairs = [run.partition("-") for run in text.split(",") if run]
    return [range(int(first), int(last or first) + 1) for first, _, last in pairs]


def accounts(lines: Sequence[Line]) -> Mapping[str, frozenset[str]]:
    """Whose names are in them, by platform; lines that cannot be read are passed over."""
    found: dict[str, set[str]] = {}
    for line in lines:
        try:
            act = read_line(line).act
        except ValueError:
            continue
        named = {act.about.account} if act.about else set()
        if act.by and act.by.account:
            named.add(act.by.account)
        if act.platform and named:
            found.setdefault(act.platform, set()).update(named)
    return {platform: frozenset(names) for platform, names in found.items()}


def names_of(line: Line, part: str, account: str, platform: str) -> bool:
    """Whether the names of that part, "by" or "about", are those of that person."""
    try:
        act = read_line(line).act
    except ValueError:
        return False
    named = act.by if part == "by" else act.about
    return act.platform == platform and named is not None and named.account == _short(account)


def _by(by: By | None) -> dict[str, Any]:
    if by is None:
        return {}
    told = {"account": by.account, "user": by.user, "signed_off_as": by.signed_off_as}
    return {name: _short(text) for name, text in told.items() if text}


def _about(about: About | None) -> dict[str, Any]:
    return {"account": _short(about.account), "device": _short(about.device)} if about else {}


def _names(text: str | None) -> dict[str, Any]:
    return dict(json.loads(text)) if text else {}


def _short(text: str | None) -> str | None:
    return None if text is None else text[:_NAME_LIMIT]


def _code(code: str | None) -> str | None:
    """A platform may answer with anything, so that only what looks like a code is written down."""
    return code if code is None or _CODE.match(code) else _OTHER_CODE


def _canonical(told: Mapping[str, Any]) -> str:
    known = {name: value for name, value in told.items() if value is not None}
    return json.dumps(known, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
