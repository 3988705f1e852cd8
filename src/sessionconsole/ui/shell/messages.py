"""Which one sentence stands at the bottom: pure functions, the most urgent first."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from typing import TYPE_CHECKING

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.errors import ReauthenticationNeeded, SessionConsoleError, SignInNeeded, TryLater
from sessionconsole.domain.orders import GONE, Order, OrderState, Outcome
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.states import Link, ListState, OrdersState, Row
from sessionconsole.ui.look.plain import isolated
from sessionconsole.ui.sessions.times import clock_time
from sessionconsole.ui.sessions.wording import device_parts, level_word
from sessionconsole.ui.shell.census import Tally
from sessionconsole.ui.shell.message_bar import Message

if TYPE_CHECKING:
    from sessionconsole.ui.ending.progress import Progress

UNDO, ANSWER, HIDE, SHOW = "Undo", "Answer", "Hide", "Show"
CANCEL, NOT_GONE = "Cancel", "Show the rest"

MANY = "many"
"""Stands in a message for all orders that were given together."""

TOLD_FOR = timedelta(seconds=12)
"""How long what became of an order stands at the bottom; its row keeps saying it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The clock as the sentences need it."""

    now: datetime
    monotonic: float
    zone: tzinfo
    undo_seconds: float = 5.0


def message(
    shown: ListState,
    there: Tally,
    orders: OrdersState,
    at: Moment,
    *,
    told: Message | SessionConsoleError | str | None = None,
    news: Sequence[Row] = (),
    risen: Collection[Handle] = (),
    notices: Sequence[SessionConsoleError] = (),
    work: Progress | None = None,
) -> Message:
    """The sentence for now.

    `there` counts the rows still listed; `told` is what a click has met, or what it did; `news` are marked rows that
    came after that and were not shown yet, `risen` those of them that were on the list before. `work` is how far many
    orders that were given together have come.
    """
    answer = () if told is None else (told if isinstance(told, Message) else _error(told),)
    # One after the other, and no further than to the first: of thousands of orders each would have a sentence.
    return next(
        chain(
            answer if isinstance(told, Message) or not news else (),
            _held_together(work, at),
            _held(orders, at),
            _stoppable(work, shown.link, orders),
            _news_of(news, risen),
            answer,
            _questions(orders),
            _going_on(work, shown.link, orders),
            _summary(work),
            _under_way(orders),
            _just_settled(orders, at),
            _waiting(orders, shown.link),
            _problem(orders),
            (_error(notice) for notice in notices[:1]),
        ),
        at_rest(shown, there),
    )


def at_rest(shown: ListState, there: Tally) -> Message:
    """How many there are: "24 sessions, 14 people, 1 program."."""
    if not there.sessions:
        return Message(_nothing_there(shown), resting=True)
    may = "" if shown.may_end else " Your account may see them but not end them."
    return Message(f"{counts(there)}.{may}", resting=True)


def marked_as_ours(row: Row) -> Message:
    """What was said of a row, with the way back."""
    handle = row.session.handle
    return Message(f"Marked as ours: {_who(row)}.", "tick", "good", action=UNDO, order=handle)


def not_ours_after_all(row: Row) -> Message:
    """That it was taken back."""
    return Message(f"Not marked as ours any more: {_who(row)}.", "tick", "text2", order=row.session.handle)


def spared_now(row: Row) -> Message:
    """What was said of a row's device."""
    return Message(f"Never ended in bulk: {_who(row)}.", "spared", order=row.session.handle)


def not_spared_now(row: Row) -> Message:
    """That it was taken back."""
    return Message(f"Ended in bulk like any other: {_who(row)}.", "tick", order=row.session.handle)


def _news_of(rows: Sequence[Row], risen: Collection[Handle]) -> Iterator[Message]:
    if not rows:
        return
    worst = Level.ALARM if any(row.assessment.level is Level.ALARM for row in rows) else Level.CHECK
    text = f"{len(rows):,} {'sessions need a look now' if risen else 'new sessions need a look'}."
    if len(rows) == 1:
        why = rows[0].assessment.reasons
        mark = f"{level_word(worst)}: {why[0].short}" if why else level_word(worst)
        text = f"{'Now an alarm' if risen else 'New'}: {_who(rows[0])}. {mark}."
    yield Message(text, str(worst), f"{worst}_icon", action=SHOW)


def _nothing_there(shown: ListState) -> str:
    if shown.taken_at is not None:
        return "No sessions."
    return "Reading the list…" if is_reading(shown) else "The list could not be read yet."


def is_reading(shown: ListState) -> bool:
    """Whether the list is still on its way for the first time."""
    return shown.taken_at is None and shown.link in (Link.CONNECTING, Link.SIGNED_OUT, Link.LIVE)


def counts(there: Tally) -> str:
    """Sessions, people and programs in words."""
    parts = [_number(there.sessions, "session", "sessions")]
    if there.people:
        parts.append(_number(there.people, "person", "people"))
    if there.programs:
        parts.append(_number(there.programs, "program", "programs"))
    return ", ".join(parts)


def _held(orders: OrdersState, at: Moment) -> Iterator[Message]:
    held = [order for order in orders.orders.values() if order.state is OrderState.HELD]
    if not held:
        return
    order = max(held, key=lambda order: order.ordered_at)
    due = orders.due.get(order.id)
    left = max(0, math.ceil(due - at.monotonic)) if due is not None else None
    when = "" if left is None else f", in {_number(left, 'second', 'seconds')}"
    yield Message(
        f"Ending {_who(order)}{when}",
        left=float(left or 0),
        total=at.undo_seconds,
        action=UNDO,
        order=order.id,
        spoken=f"Ending {_who(order)}. Undo is possible.",
    )


def _held_together(work: Progress | None, at: Moment) -> Iterator[Message]:
    if work is None or work.held < 2 or not work.is_newest:
        return
    from sessionconsole.ui.ending.progress import holding_words

    yield Message(
        holding_words(work),
        left=float(work.seconds_left or 0),
        total=at.undo_seconds,
        action=UNDO,
        order=MANY,
        spoken=f"Ending {work.held:,} sessions. Undo is possible.",
    )


def _going_on(work: Progress | None, link: Link, orders: OrdersState) -> Iterator[Message]:
    if work is None or work.is_over or work.held:
        return
    from sessionconsole.ui.ending.progress import going_spoken, going_words

    waits = link is not Link.LIVE or orders.problem is not None
    yield Message(
        going_words(work, waits=waits),
        "outbox" if waits and work.waiting else "clock",
        "check" if waits and work.waiting else "text2",
        action=CANCEL if work.waiting else "",
        order=MANY,
        spoken=going_spoken(work, waits=waits),
        share=work.share,
    )


def _stoppable(work: Progress | None, link: Link, orders: OrdersState) -> Iterator[Message]:
    # News can wait, the way to stop cannot; but while a question stops the orders, nothing is running away.
    if work is not None and work.waiting and not any(_questions(orders)):
        yield from _going_on(work, link, orders)


def _summary(work: Progress | None) -> Iterator[Message]:
    if work is None or not work.is_over:
        return
    from sessionconsole.ui.ending.progress import summary

    taken_back = work.not_gone == work.outcomes.get(Outcome.WITHDRAWN, 0)
    icon, token = (
        ("done", "good") if not work.not_gone else ("tick", "text2") if taken_back else ("warning", "check")
    )
    action = HIDE if not work.not_gone or (work.not_gone == work.total and taken_back) else NOT_GONE
    yield Message(summary(work), icon, token, action=action, order=MANY)


def _questions(orders: OrdersState) -> Iterator[Message]:
    if isinstance(orders.reauthentication, ReauthenticationNeeded):
        yield Message(orders.reauthentication.message, "lock", "check", action=ANSWER)
    elif orders.asks:
        some = _number(len(orders.asks), "order waits", "orders wait")
        yield Message(
            f"{some} for your answer, because of its age."
            if len(orders.asks) == 1
            else f"{some} for your answer, because of their age.",
            "outbox",
            "check",
            action=ANSWER,
        )


def _under_way(orders: OrdersState) -> Iterator[Message]:
    for order in orders.orders.values():
        if order.state is OrderState.SENT:
            doing = "checking the list" if order.accepted_at else "asking the platform"
            yield Message(f"Ending {_who(order)}: {doing}", "clock", spoken=f"Ending {_who(order)}")
        elif order.state is OrderState.UNKNOWN:
            yield Message(
                f"The platform did not answer for {_who(order)}. The list is being read to find out.",
                "clock",
                "check",
            )


def _just_settled(orders: OrdersState, at: Moment) -> Iterator[Message]:
    settled = [
        order
        for order in orders.orders.values()
        if order.state is OrderState.SETTLED
        and order.settled_at is not None
        and timedelta(0) <= at.now - order.settled_at < TOLD_FOR
    ]
    if settled:
        yield outcome(max(settled, key=_news), at)


def _news(order: Order) -> tuple[datetime, bool]:
    """The latest; of two at once what did not work."""
    return order.settled_at or order.ordered_at, order.outcome not in GONE


def outcome(order: Order, at: Moment) -> Message:
    """What became of an order, in a sentence."""
    who = _who(order)
    if order.outcome in GONE:
        if order.outcome is Outcome.GONE_LINGERING and order.may_work_until is not None:
            until = clock_time(order.may_work_until, at.zone)
            return Message(f"Ended: {who}, may work until {until}.", "done", "good")
        gone_at = clock_time(order.settled_at, at.zone, seconds=True) if order.settled_at else ""
        already = order.outcome is Outcome.ALREADY_GONE
        return Message(
            f"Ended: {who}, was gone already." if already else f"Ended: {who}, gone at {gone_at}.",
            "done",
            "good",
        )
    match order.outcome:
        case Outcome.STILL_LISTED if order.came_back_at is not None:
            return Message(f"Came back: {who} is listed again after its end.", "error", "alarm")
        case Outcome.STILL_LISTED:
            return Message(f"Still listed: {who}. You can end it again.", "error", "alarm")
        case Outcome.REFUSED:
            why = order.detail or "It gave no reason."
            return Message(f"Refused: {who}. {why}", "error", "alarm")
        case Outcome.HIDDEN_ONLY:
            return Message(f"Off the list: {who}, but it may still work.", "warning", "check")
        case _:
            return Message(f"It is not known whether this was ended: {who}.", "warning", "check")


def _waiting(orders: OrdersState, link: Link) -> Iterator[Message]:
    queued = [order for order in orders.orders.values() if order.state is OrderState.QUEUED]
    if not queued:
        return
    one = len(queued) == 1
    if link is Link.LIVE and orders.problem is None:
        yield Message(f"Ending {_who(queued[0])}" if one else f"Ending {len(queued)} sessions", "clock")
        return
    some = "1 order is" if one else f"{len(queued)} orders are"
    it = "it is sent, the program checks that it is still the same session"
    them = "they are sent, the program checks that they are still the same sessions"
    yield Message(f"{some} not sent yet. Before {it if one else them}.", "outbox", "check")


def _problem(orders: OrdersState) -> Iterator[Message]:
    problem = orders.problem
    if problem is not None and not isinstance(problem, TryLater | SignInNeeded):
        yield _error(problem, action="")


def _error(error: SessionConsoleError | str, action: str = HIDE) -> Message:
    text = error if isinstance(error, str) else f"{error.message} {error.advice}"
    return Message(text, "warning", "check", action=action)


def _who(of: Order | Row) -> str:
    told = of.facts if isinstance(of, Order) else of.session
    device = device_parts(told.device)[0]
    return f"{isolated(told.person.shown)}, {isolated(device)}"


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
