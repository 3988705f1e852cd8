"""What is said of an order in its row, and what its button does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from sessionconsole.domain.errors import SessionConsoleError, Unreachable
from sessionconsole.domain.orders import GONE, Order, OrderState, Outcome
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.states import Link, OrdersState, Presence, Row
from sessionconsole.ui.sessions.times import clock_time, short_moment
from sessionconsole.ui.sessions.wording import Lines, Setting, Tone, ordinary_state


class Action(StrEnum):
    """What the button of a row does when pressed; the value is its caption."""

    END = "End"
    END_THIS_CONSOLE = "End…"
    UNDO = "Undo"
    WITHDRAW = "Withdraw"
    END_AGAIN = "End again"
    NONE = ""


class WaitsFor(StrEnum):
    """Why an order is not sent yet; the value is the second line of its state."""

    NETWORK = "waits for network"
    PLATFORM = "waits for the platform"
    ANSWER = "waits for your answer"
    SIGN_IN = "waits for sign-in"


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order as its row tells it; `seconds_left` only while it is held."""

    order: Order
    seconds_left: int | None = None
    waits_for: WaitsFor = WaitsFor.PLATFORM

    @property
    def is_gone(self) -> bool:
        """Whether the list was read and the session is not on it any more."""
        return self.order.outcome in GONE and self.order.state is OrderState.SETTLED


def shown_orders(
    state: OrdersState,
    monotonic: float,
    link: Link = Link.LIVE,
    problem: SessionConsoleError | None = None,
) -> dict[Handle, ShownOrder]:
    """The newest order of each session that was not taken back.

    `monotonic` is the clock's, in seconds; `problem` is what keeps the list from being read.
    """
    asked = {order.id for order in state.asks}
    newest: dict[Handle, ShownOrder] = {}
    for order in sorted(state.orders.values(), key=lambda order: order.ordered_at):
        if order.state is OrderState.WITHDRAWN:
            continue
        due = state.due.get(order.id) if order.state is OrderState.HELD else None
        left = None if due is None else max(0, math.ceil(due - monotonic))
        if order.id in asked:
            waits = WaitsFor.ANSWER
        elif link in (Link.SIGN_IN_NEEDED, Link.SIGNED_OUT) or state.reauthentication is not None:
            waits = WaitsFor.SIGN_IN
        elif isinstance(problem or state.problem, Unreachable):
            waits = WaitsFor.NETWORK
        else:
            waits = WaitsFor.PLATFORM
        newest[order.handle] = ShownOrder(order, left, waits)
    return newest


def order_of(row: Row, orders: Mapping[Handle, ShownOrder] | None) -> ShownOrder | None:
    """The order that the row tells: the outbox knows best; what a row itself knows of open orders may be outdated."""
    known = orders.get(row.session.handle) if orders is not None else None
    if known is not None:
        return None if _is_of_an_earlier_one(row, known) else known
    own = row.order
    if own is None or own.state is OrderState.WITHDRAWN or (orders is not None and own.is_open):
        return None
    return ShownOrder(own)


def _is_of_an_earlier_one(row: Row, shown: ShownOrder) -> bool:
    """Whether the platform lists another session under the id of one that is gone: nothing was ordered for that."""
    listed = row.presence is not Presence.DEPARTED
    return listed and shown.is_gone and not shown.order.facts.match(row.session)


def state(row: Row, order: ShownOrder | None, setting: Setting) -> Lines:
    """The state cell: what became of the order, or else how the session is."""
    return ordinary_state(row, setting) if order is None else order_words(order, setting)


def order_words(shown: ShownOrder, setting: Setting) -> Lines:
    """Two lines about an order, the first one strong."""
    order, zone = shown.order, setting.zone
    match order.state:
        case OrderState.HELD:
            left = f"in {shown.seconds_left} s" if shown.seconds_left is not None else ""
            return _said("Ending…", left)
        case OrderState.QUEUED:
            return _said("Not sent yet", shown.waits_for, Tone.CHECK)
        case OrderState.SENT:
            return _said("Ending…", "checking the list" if order.accepted_at else "asking the platform")
        case OrderState.UNKNOWN:
            return _said("Not known yet", "checking the list", Tone.CHECK)
        case OrderState.SETTLED:
            return _settled_words(order, setting, zone)
        case OrderState.WITHDRAWN:
            return Lines("Withdrawn", first_tone=Tone.QUIET)


def _settled_words(order: Order, setting: Setting, zone: tzinfo) -> Lines:
    at = order.settled_at
    match order.outcome:
        case Outcome.PROVED_GONE:
            return _said(
                "Ended", f"gone at {to_the_second(at, setting)}" if at else "gone", Tone.GOOD, Tone.GOOD
            )
        case Outcome.ALREADY_GONE:
            return _said("Ended", "was gone already", Tone.GOOD, Tone.GOOD)
        case Outcome.GONE_LINGERING:
            until = order.may_work_until
            second = f"may work until {clock_time(until, zone)}" if until else "may still work for a while"
            return _said("Ended", second, Tone.GOOD)
        case Outcome.STILL_LISTED if order.came_back_at is not None:
            return _said(
                "Came back", f"listed again at {to_the_second(order.came_back_at, setting)}", Tone.ALARM
            )
        case Outcome.STILL_LISTED:
            return _said(
                "Still listed", f"checked {to_the_second(at, setting)}" if at else "see details", Tone.ALARM
            )
        case Outcome.REFUSED:
            return _said("Refused", "see details", Tone.ALARM)
        case Outcome.HIDDEN_ONLY:
            return _said("Off the list", "may still work", Tone.CHECK)
        case _:
            return _said("Not known", "see details", Tone.CHECK)


def action_of(row: Row, order: ShownOrder | None) -> Action:
    """What the row's button does; NONE where there is none."""
    if order is None:
        if row.presence is Presence.DEPARTED:
            return Action.NONE
        return Action.END_THIS_CONSOLE if row.session.is_current else Action.END
    match order.order.state:
        case OrderState.HELD:
            return Action.UNDO
        case OrderState.QUEUED:
            return Action.WITHDRAW
        case OrderState.SETTLED if order.order.outcome in (
            Outcome.STILL_LISTED,
            Outcome.REFUSED,
            Outcome.UNKNOWN,
        ):
            return Action.END_AGAIN
        case _:
            return Action.NONE


def to_the_second(at: datetime, setting: Setting) -> str:
    """Today to the second; an older one by its day."""
    same_day = at.astimezone(setting.zone).date() == setting.now.astimezone(setting.zone).date()
    return (
        clock_time(at, setting.zone, seconds=True)
        if same_day
        else short_moment(at, setting.now, setting.zone)
    )


def _said(first: str, second: str, tone: Tone = Tone.TEXT, second_tone: Tone = Tone.QUIET) -> Lines:
    return Lines(first, second, first_tone=tone, second_tone=second_tone, strong=True)
