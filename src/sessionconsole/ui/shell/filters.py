"""The filters above the list: which there are, and which rows each leaves. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import compress

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.platforms import Field, PlatformAbout
from sessionconsole.domain.sessions import DeviceType, Handle
from sessionconsole.services.states import Presence, Row
from sessionconsole.ui.sessions.orders import ShownOrder, order_of
from sessionconsole.ui.sessions.times import ACTIVE_NOW

NEEDS_A_LOOK = "Needs a look"
LONG_IDLE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class View:
    """What a filter looks at besides the row; `now` of an old list is when it was taken, so it keeps its counts."""

    now: datetime
    about: PlatformAbout | None = None


Test = Callable[[Row, View], bool]


def needs_a_look(row: Row, _view: View | None = None) -> bool:
    """Marked as alarm or check."""
    return row.assessment.level is not Level.FAMILIAR


def _active_now(row: Row, view: View) -> bool:
    at = row.session.last_active_at
    return at is not None and view.now - at < ACTIVE_NOW


def _long_idle(row: Row, view: View) -> bool:
    at = row.session.last_active_at
    return at is not None and view.now - at > LONG_IDLE


def _phone(row: Row, _view: View) -> bool:
    return row.session.device.type is DeviceType.PHONE


def _outside(row: Row, view: View) -> bool:
    return view.about is not None and row.session.ip is not None and not view.about.office_of(row.session.ip)


_TESTS: dict[str, Test] = {
    NEEDS_A_LOOK: needs_a_look,
    "Active now": _active_now,
    "Idle over 30 days": _long_idle,
    "Phones": _phone,
    "Outside our offices": _outside,
}
_ALL = tuple(_TESTS.values())


def offered(about: PlatformAbout | None, *, on_needs_a_look: bool = False) -> tuple[str, ...]:
    """The filters that this platform gives the facts for; the page of marked ones needs no filter for them."""
    provides = about.capabilities.provides if about else frozenset(Field)
    names = [] if on_needs_a_look else [NEEDS_A_LOOK]
    if Field.LAST_ACTIVE in provides:
        names += ["Active now", "Idle over 30 days"]
    names.append("Phones")
    if about is not None and about.offices:
        names.append("Outside our offices")
    return tuple(names)


def passed(row: Row, view: View) -> frozenset[str]:
    """The names of all filters that leave this row."""
    return _named(tuple([test(row, view) for test in _ALL]))


@cache
def _named(told: tuple[bool, ...]) -> frozenset[str]:
    return frozenset(compress(_TESTS, told))


def is_there(row: Row, orders: Mapping[Handle, ShownOrder]) -> bool:
    """Whether the session is still listed: counts drop at the proof, not at the click."""
    if row.presence is Presence.DEPARTED:
        return False
    order = order_of(row, orders)
    return order is None or not order.is_gone
