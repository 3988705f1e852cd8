"""The journal in words: what stands in a row, which filters there are, and what its proof says. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sessionconsole.domain.journal import Act, Entry, Kind
from sessionconsole.domain.orders import GONE, Outcome
from sessionconsole.services.journaling import Checked
from sessionconsole.ui.sessions.times import exact, moment

_WHAT = {
    Kind.SIGN_IN: "Signed in",
    Kind.SIGN_OUT: "Signed out",
    Kind.VERDICT: "Said: that’s ours",
    Kind.VERDICT_TAKEN_BACK: "Took back: that’s ours",
    Kind.ORDER: "Ordered to end",
    Kind.CAME_BACK: "Listed again after the proof",
    Kind.CONNECTOR_ADDED: "Added a connector",
    Kind.PERSON_FORGOTTEN: "Forgot a person",
    Kind.REPORT: "Wrote a report",
    Kind.GAP_ACCEPTED: "Went on after missing entries",
}
_RESULT = {
    Outcome.PROVED_GONE: "Gone, proved",
    Outcome.ALREADY_GONE: "Was gone already",
    Outcome.GONE_LINGERING: "Gone from the list, may work a little longer",
    Outcome.HIDDEN_ONLY: "Hidden only",
    Outcome.STILL_LISTED: "Still listed",
    Outcome.REFUSED: "Refused by the platform",
    Outcome.UNKNOWN: "Not known whether it was ended",
    Outcome.WITHDRAWN: "Order taken back",
}
FILTERS: dict[str, frozenset[Kind]] = {
    "Sign-ins": frozenset({Kind.SIGN_IN, Kind.SIGN_OUT}),
    "Orders": frozenset({Kind.ORDER}),
    "Results": frozenset({Kind.RESULT, Kind.CAME_BACK}),
    "Answers": frozenset({Kind.VERDICT, Kind.VERDICT_TAKEN_BACK}),
}
_BAD = frozenset({Outcome.STILL_LISTED, Outcome.REFUSED, Outcome.UNKNOWN, Outcome.HIDDEN_ONLY})
OTHER = "Other"
FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Shown:
    """One row: its cells in the order of the columns, the exact time, its filter, and what a search looks through."""

    cells: tuple[str, str, str, str, str]
    exact: str
    filter: str
    good: bool
    bad: bool
    search: str


def rows(entries: Sequence[Entry], now: datetime, zone: tzinfo) -> tuple[Shown, ...]:
    """The newest first."""
    return tuple(_row(entry, now, zone) for entry in reversed(entries))


def left(shown: Sequence[Shown], text: str, chosen: Collection[str]) -> tuple[Shown, ...]:
    """Those of the chosen filters (all where none is chosen) that have every word of the text."""
    words = text.casefold().split()
    return tuple(
        row
        for row in shown
        if (not chosen or row.filter in chosen) and all(word in row.search for word in words)
    )


def counts(shown: Sequence[Shown]) -> Counter[str]:
    """How many rows each filter leaves."""
    return Counter(row.filter for row in shown)


def proof(checked: Checked, zone: tzinfo) -> tuple[str, bool]:
    """Whether the journal is whole and since when, and whether that is good."""
    found = checked.proof
    if not found.is_sound:
        return f"This journal is not as it was written. {found.text}", False
    if not found.count:
        return "Nothing has been written down yet.", True
    since = f" since {exact(found.since, zone)}" if found.since else ""
    sentence = f"Sound{since}: no entry was changed, moved or left out."
    if checked.unasked is not None or found.head is None:
        sentence += " Whether the last ones are missing cannot be told: the password store knows of none."
    return sentence, True


def told(row: Shown) -> str:
    """The row as one sentence for screen readers."""
    return ", ".join(cell for cell in (row.cells[1], *row.cells[2:], row.exact) if cell)


def _row(entry: Entry, now: datetime, zone: tzinfo) -> Shown:
    act = entry.act
    what = _what(act)
    person = act.about.account if act.about else _missing(entry, "about")
    device = (act.about.device or "") if act.about else ""
    by = _by(entry, act)
    at = exact(act.at, zone)
    cells = (moment(act.at, now, zone), what, person, device, by)
    search = " ".join((*cells, at, act.session or "", act.code or "", act.kind, str(entry.number))).casefold()
    group = next((name for name, kinds in FILTERS.items() if act.kind in kinds), OTHER)
    late = ", written down later" if act.late else ""
    good = act.kind is Kind.RESULT and act.outcome in GONE
    bad = act.kind in (Kind.CAME_BACK, Kind.GAP_ACCEPTED) or act.outcome in _BAD
    return Shown(cells, f"{at}, entry {entry.number}{late}", group, good, bad, search)


def _what(act: Act) -> str:
    if act.kind is Kind.RESULT:
        return _RESULT.get(act.outcome, "Settled") if act.outcome else "Settled"
    words = _WHAT.get(act.kind, act.kind)
    return f"{words}: {act.code}" if act.kind is Kind.CONNECTOR_ADDED and act.code else words


def _by(entry: Entry, act: Act) -> str:
    if act.by is None:
        return _missing(entry, "by")
    named = act.by.signed_off_as or act.by.account
    if named and act.by.user:
        return f"{named} ({act.by.user})"
    return named or act.by.user or ""


def _missing(entry: Entry, part: str) -> str:
    """ "forgotten" where a name was erased, nothing where there never was one."""
    return FORGOTTEN if part in entry.erased_parts else ""
