"""What is said about ending many at once: pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from sessionconsole.domain.bulk import Bulk, Candidate, IdleLonger, Left, Others, Wish
from sessionconsole.domain.orders import Order, OrderState, Outcome
from sessionconsole.domain.sparing import Spared

WHY_LEFT = {
    Left.MAY_ONLY_LOOK: "Your account may not end sessions",
    Left.THIS_CONSOLE: "This console’s own session",
    Left.MAYBE_THIS_CONSOLE: "May be this console’s own session",
    Left.NEVER_IN_BULK: "Never ended in bulk",
    Left.LAST_USE_NOT_TOLD: "Last use is not told",
    Left.ALREADY_ENDING: "Ending already",
    Left.NOT_LISTED: "Not listed any more",
}

MAY_BE_SPARED = "May be a device that you never end in bulk"

_NOT_GONE = {
    Outcome.STILL_LISTED: "Still listed. You can end it again.",
    Outcome.HIDDEN_ONLY: "Off the list, but it may still work. Change the password.",
    Outcome.UNKNOWN: "Not known whether it is gone.",
    Outcome.REFUSED: "Refused. The platform gave no reason.",
}


def title(wish: Wish) -> str:
    """The question of the preview."""
    match wish:
        case Others():
            return "End all others?"
        case IdleLonger():
            return "End what was not used for long?"
        case _:
            return "End the selected sessions?"


def what_happens(bulk: Bulk) -> str:
    """How many end, and what that means."""
    count, left = len(bulk.to_end), len(bulk.left)
    if not count:
        return "Nothing would be ended." if left else "No session is meant by this."
    ends = "1 session ends" if count == 1 else f"{count:,} sessions end"
    stay = "" if not left else ", 1 stays" if left == 1 else f", {left:,} stay"
    return f"{ends}{stay}. Whoever uses one that ends has to sign in again."


def age_of_the_list(since: str, wish: Wish) -> str:
    """What to know of an old list; `since` is when it was read."""
    unseen = " Nobody has seen what was used since." if isinstance(wish, IdleLonger) else ""
    return (
        f"The list is as of {since}.{unseen} "
        "Before anything is sent, the program checks that it is still the same session."
    )


def go_on(count: int) -> str:
    """The button that ends them."""
    return "End 1 session" if count == 1 else f"End {count:,} sessions"


def stay_heading(bulk: Bulk) -> str:
    """What stays, and for which reasons: "5 stay. Never ended in bulk: 4. This console's own session: 1."."""
    reasons = " ".join(f"{WHY_LEFT[why]}: {count:,}." for why, count in bulk.reasons.items())
    count = len(bulk.left)
    return f"{'1 stays' if count == 1 else f'{count:,} stay'}. {reasons}"


def end_heading(bulk: Bulk) -> str:
    """What ends."""
    count = len(bulk.to_end)
    return "This one ends" if count == 1 else f"These {count:,} end"


def note(row: Candidate) -> str:
    """What to know of one that ends."""
    return MAY_BE_SPARED if row.spared is Spared.MAYBE else ""


def why_not_gone(order: Order) -> str:
    """Why a session is still there, or may be."""
    if order.state is OrderState.WITHDRAWN:
        return "Taken back. It was not sent."
    if order.detail:
        return order.detail
    return _NOT_GONE[order.outcome if order.outcome in _NOT_GONE else Outcome.UNKNOWN]


def not_gone_heading(orders: Sequence[Order]) -> str:
    """Above the list of the others, of some of which nobody knows."""
    return (
        "1 session is not proved gone"
        if len(orders) == 1
        else f"{len(orders):,} sessions are not proved gone"
    )
