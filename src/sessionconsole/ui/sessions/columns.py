"""The columns of the session table as data, and which of them fit into a width."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.platforms import Field, PlatformAbout
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.states import Presence, Row
from sessionconsole.ui.sessions import orders, wording
from sessionconsole.ui.sessions.orders import ShownOrder
from sessionconsole.ui.sessions.wording import Lines, Setting


class Col(IntEnum):
    """The columns in the order of reading; the number is the model's column."""

    MARK = 0
    PERSON = 1
    DEVICE = 2
    PLACE = 3
    NETWORK = 4
    LAST_ACTIVE = 5
    SIGNED_IN = 6
    EXPIRES = 7
    STATE = 8
    END = 9


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a cell may tell of one row."""

    row: Row
    order: ShownOrder | None
    about: PlatformAbout | None
    setting: Setting


Value = Hashable
"""What two rows must share to look the same in a column for sorting and searching; None is "not provided"."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `least` is its least width in px at 100 %, `parts` its share of what is spare.

    `value` gives what is sorted and searched, `key` makes it comparable, `search` gives the texts it is found by,
    `lines` gives the words. Where `ticks`, the words change as time passes. `newest_first`: what the first click
    on the header sorts by.
    """

    id: Col
    title: str
    least: int
    value: Callable[[Row, PlatformAbout | None], Value]
    lines: Callable[[Seen], Lines]
    key: Callable[[Any], Any] = lambda value: value
    search: Callable[[Any], str] | None = None
    parts: int = 0
    provides: Field | None = None
    ticks: bool = False
    newest_first: bool = False


def fold(text: str) -> str:
    """The text as it is compared and searched: no case, no accents, so that "sao" finds "São"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def group(row: Row) -> int:
    """Where a row stands in "needs a look first": alarm, check, this console, the rest."""
    level = row.assessment.level
    if level is Level.ALARM:
        return 0
    if level is Level.CHECK:
        return 1
    return 2 if row.session.is_current else 3


def _stamp(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _person(row: Row, _about: PlatformAbout | None) -> Value:
    lines = wording.person(row)
    role = row.session.person.role or ""
    return lines.first, row.session.person.account, lines.second, "" if role == lines.second else role


def _device(row: Row, _about: PlatformAbout | None) -> Value:
    lines = wording.device(row.session.device)
    return lines.first, lines.second, row.session.device.os or ""


def _place(row: Row, about: PlatformAbout | None) -> Value:
    name, ip = wording.place_name(row.session, about), row.session.ip
    if name is None and ip is None:
        return None
    city = row.session.place.city if row.session.place else None
    return name or "", ip or "", city or ""


def _network(row: Row, about: PlatformAbout | None) -> Value:
    lines = _network_lines(row, about)
    return None if lines.first == wording.NOT_PROVIDED else (lines.first, lines.second)


def _network_lines(row: Row, about: PlatformAbout | None) -> Lines:
    office = about is not None and about.office_of(row.session.ip) is not None
    return wording.network(row.session.network, office=office)


def _limit(row: Row, _about: PlatformAbout | None) -> Value:
    limits = (row.session.idle_expires_at, row.session.expires_at)
    return min((at.timestamp() for at in limits if at is not None), default=None)


_STATE_ORDER = {Presence.NEW: 0, Presence.CHANGED: 1, Presence.LISTED: 2, Presence.DEPARTED: 3}


def _state(row: Row, _about: PlatformAbout | None) -> Value:
    if row.order is not None and row.order.is_open:
        return 0, "", 0.0
    if row.order is not None and row.order.outcome is not None:
        return 1, row.order.outcome, 0.0
    # the longer unused, the later: so active ones come before idle ones without asking a clock
    return 2 + _STATE_ORDER[row.presence], "", -(_stamp(row.session.last_active_at) or 0.0)


def _folded(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold(part) for part in value)


def _joined(value: tuple[str, ...]) -> str:
    return fold("\n".join(value))


def _last_active_lines(seen: Seen) -> Lines:
    return wording.last_active(seen.row.session.last_active_at, seen.setting)


COLUMNS: tuple[Column, ...] = (
    Column(
        Col.MARK,
        "Needs a look",
        46,
        value=lambda row, _: (group(row), -(_stamp(row.session.last_active_at) or 0.0)),
        lines=lambda seen: Lines(wording.level_word(seen.row.assessment.level)),
    ),
    Column(
        Col.PERSON,
        "Person",
        176,
        value=_person,
        lines=lambda seen: wording.person(seen.row, gone=seen.order is not None and seen.order.is_gone),
        key=_folded,
        search=_joined,
        parts=3,
    ),
    Column(
        Col.DEVICE,
        "Device",
        170,
        value=_device,
        lines=lambda seen: wording.device(
            seen.row.session.device, seen.row.session.user_agent, spared=seen.row.spared is Spared.YES
        ),
        key=_folded,
        search=_joined,
        parts=3,
    ),
    Column(
        Col.PLACE,
        "Place",
        130,
        value=_place,
        lines=lambda seen: wording.place(seen.row.session, seen.about),
        key=_folded,
        search=_joined,
        parts=2,
        provides=Field.PLACE,
    ),
    Column(
        Col.NETWORK,
        "Network",
        130,
        value=_network,
        lines=lambda seen: _network_lines(seen.row, seen.about),
        key=_folded,
        search=_joined,
        parts=2,
        provides=Field.NETWORK,
    ),
    Column(
        Col.LAST_ACTIVE,
        "Last active",
        96,
        value=lambda row, _: _stamp(row.session.last_active_at),
        lines=_last_active_lines,
        provides=Field.LAST_ACTIVE,
        ticks=True,
        newest_first=True,
    ),
    Column(
        Col.SIGNED_IN,
        "Signed in",
        100,
        value=lambda row, _: _stamp(row.session.signed_in_at),
        lines=lambda seen: wording.signed_in(seen.row.session.signed_in_at, seen.setting),
        provides=Field.SIGNED_IN,
        ticks=True,
        newest_first=True,
    ),
    Column(
        Col.EXPIRES,
        "Expires",
        128,
        value=_limit,
        lines=lambda seen: wording.expires(seen.row.session, seen.setting),
        ticks=True,
    ),
    Column(
        Col.STATE,
        "State",
        110,
        value=_state,
        lines=lambda seen: orders.state(seen.row, seen.order, seen.setting),
        ticks=True,
    ),
    Column(
        Col.END,
        "",
        84,
        value=lambda _row, _about: None,
        lines=lambda seen: Lines(orders.action_of(seen.row, seen.order)),
    ),
)

GIVING_WAY: tuple[tuple[Col, ...], ...] = (
    (Col.SIGNED_IN, Col.EXPIRES),
    (Col.NETWORK,),
    (Col.STATE,),
    (Col.PLACE,),
)
"""Which columns go, in this order, where there is no room for all."""

LAST_TO_GO = Col.DEVICE
"""The one that goes where the texts that are left would be cut by more than a quarter."""

_ENOUGH = 2.5
"""A column that wide for its least width gives what is spare beyond it to all, or eyes lose the row between two."""


def layout(width: int, least: Mapping[Col, int]) -> dict[Col, int]:
    """The widths in px of the columns that fit into `width`; what is not in it is hidden.

    `least` has the least width of each column in px. The spare room goes by parts until they have enough, then to all
    texts alike; its last px goes to the person.
    """
    shown = list(least)
    for step in GIVING_WAY:
        if _room_for(shown, least) <= width:
            break
        shown = [col for col in shown if col not in step]
    if (_room_for(shown, least) - width) * 4 > sum(least[col] for col in _texts(shown)):
        shown = [col for col in shown if col is not LAST_TO_GO]
    least = _squeezed(_with_order_words(shown, least), shown, width)
    spare = max(0, width - sum(least[col] for col in shown))
    parts = {col: COLUMNS[col].parts for col in shown}
    total = sum(parts.values()) or 1
    texts = _texts(shown)
    widths = {
        col: min(least[col] + spare * parts[col] // total, round(least[col] * _ENOUGH)) for col in shown
    }
    left = max(0, width - sum(widths.values()))
    # up to that it is what the parts did not divide
    if left > len(shown):
        for col in texts:
            widths[col] += left // len(texts)
    widths[Col.PERSON] += max(0, width - sum(widths.values()))
    return widths


def _texts(shown: list[Col]) -> list[Col]:
    return [col for col in shown if col not in (Col.MARK, Col.END)]


def _squeezed(least: Mapping[Col, int], shown: list[Col], width: int) -> Mapping[Col, int]:
    """Where even the last columns find no room, texts are cut further: the mark and the button are never cut."""
    lacking = sum(least[col] for col in shown) - width
    if lacking <= 0:
        return least
    texts = _texts(shown)
    room = sum(least[col] for col in texts)
    return {**least, **{col: max(0, least[col] - -(-lacking * least[col] // room)) for col in texts}}


def _room_for(shown: list[Col], least: Mapping[Col, int]) -> int:
    with_words = _with_order_words(shown, least)
    return sum(with_words[col] for col in shown)


def _with_order_words(shown: list[Col], least: Mapping[Col, int]) -> Mapping[Col, int]:
    """Where the state column has gone, an order's words stand in "Last active" and need its room there."""
    if Col.STATE in shown or Col.LAST_ACTIVE not in shown or Col.STATE not in least:
        return least
    return {**least, Col.LAST_ACTIVE: max(least[Col.LAST_ACTIVE], least[Col.STATE])}
