"""What the details say beyond the words of the table: pure functions."""

from __future__ import annotations

from dataclasses import dataclass

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.errors import SessionConsoleError, Unreachable
from sessionconsole.domain.orders import Order, OrderState, Outcome
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import LoginSession, Person
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.states import Link, Row
from sessionconsole.ui.look.plain import isolated
from sessionconsole.ui.sessions.orders import ShownOrder, order_words, to_the_second
from sessionconsole.ui.sessions.times import ago, clock_time, moment
from sessionconsole.ui.sessions.wording import (
    NOT_PROVIDED,
    Lines,
    Setting,
    Tone,
    expiry_sentences,
    network,
    place_name,
)

MAY_NOT_END = "Your account may see sessions but not end them. Ask the administrator of the platform."


SPARED_HINT = "For a wall tablet or a kiosk: where many sessions are ended at once, it stays"

SPARED_NOTES = {
    Spared.NO: "",
    Spared.YES: "Where many sessions are ended at once, this one stays, also after it has signed in anew, as far as "
    "that can be seen.",
    Spared.MAYBE: "This may be a device that you never end in bulk. That cannot be told for sure, so it is not marked.",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the facts; `value` None is "Not provided"."""

    label: str
    value: str | None


def next_step(row: Row) -> str:
    """What to do about a marked session, in one breath; empty where nothing is asked."""
    first = isolated(first_name(row.session.person))
    match row.assessment.level:
        case Level.ALARM:
            return f"Ask {first} now. If nobody knows it, end it and change the password."
        case Level.CHECK:
            return f"Not urgent. Ask {first} when you next speak."
        case Level.FAMILIAR:
            return ""


def first_name(person: Person) -> str:
    """How one speaks of a person; an account name is left whole."""
    return person.name.split()[0] if person.name and person.name.split() else person.account


def facts(session: LoginSession, about: PlatformAbout | None, setting: Setting) -> tuple[Fact, ...]:
    """All that is known, and by name what is not."""
    now, zone = setting.now, setting.zone
    place = place_name(session, about)
    own = about.office_of(session.ip) if about else None
    line = network(session.network, office=own is not None)
    seen = session.last_active_at
    active = None
    if seen is not None:
        when = moment(seen, now, zone)
        active = when if setting.offline else f"{when}, {ago(seen, now, zone)}"
    expiry = ", ".join(expiry_sentences(session, setting))
    return (
        Fact("Account", session.person.account),
        Fact("Place", place if place is None or own else f"{isolated(place)} (approximate)"),
        Fact("IP address", session.ip),
        Fact("Network", None if line.first == NOT_PROVIDED else line.spoken),
        Fact("Signed in", moment(session.signed_in_at, now, zone) if session.signed_in_at else None),
        Fact("Last active", active),
        Fact("Expires", expiry or None),
        Fact("App", session.device.app),
    )


def order_line(shown: ShownOrder, setting: Setting) -> Lines:
    """What became of the order, on one line above the button."""
    order = shown.order
    if order.state is OrderState.HELD and shown.seconds_left is not None:
        unit = "second" if shown.seconds_left == 1 else "seconds"
        return Lines(f"Ending in {shown.seconds_left} {unit}", strong=True)
    words = order_words(shown, setting)
    second = "" if words.second == "see details" else words.second
    first, between = (words.first.rstrip("…"), ": ") if words.first.endswith("…") else (words.first, ", ")
    return Lines(
        f"{first}{between}{second}" if second else words.first, first_tone=words.first_tone, strong=True
    )


def proof(order: Order, setting: Setting) -> str:
    """What was seen that proves that a session is gone."""
    read = f" at {to_the_second(order.settled_at, setting)}" if order.settled_at is not None else ""
    match order.outcome:
        case Outcome.ALREADY_GONE:
            return f"It was gone before the order arrived. The list was read{read}, and it is not on it."
        case Outcome.GONE_LINGERING if order.may_work_until is not None:
            until = clock_time(order.may_work_until, setting.zone)
            return (
                f"The list was read{read}, and it is not on it any more. The device may work until {until}."
            )
        case _:
            return f"The list was read{read}, and it is not on it any more."


def order_note(shown: ShownOrder) -> str:
    """What an outcome means and what to do next; empty where the line above says it all."""
    order = shown.order
    if order.state is OrderState.UNKNOWN:
        return "The platform did not answer. The list is read before anything is sent again."
    if order.state is not OrderState.SETTLED:
        return ""
    match order.outcome:
        case Outcome.REFUSED:
            return order.detail or "The platform did not end it and gave no reason."
        case Outcome.STILL_LISTED if order.came_back_at is not None:
            return order.detail or ""
        case Outcome.STILL_LISTED:
            return "The platform took the order, but the session is still on its list."
        case Outcome.HIDDEN_ONLY:
            return "The platform only takes it off its list. Change the password to be sure."
        case Outcome.GONE_LINGERING:
            return "It is off the list. Until then the device may still go on working."
        case Outcome.UNKNOWN:
            return "It is not known whether it was ended. Check the list, then end it again if it is there."
        case _:
            return ""


def waiting_note(link: Link, problem: SessionConsoleError | None) -> str:
    """What becomes of an order that is given now; empty where it is sent at once."""
    match link:
        case Link.SIGN_IN_NEEDED:
            return "What you end now waits until you have signed in again."
        case Link.OFFLINE if problem is None or isinstance(problem, Unreachable):
            return "The platform cannot be reached. What you end now waits and is sent later."
        case Link.OFFLINE:
            return "Nothing can be sent now. What you end now waits and is sent later."
        case _:
            return ""


TONES = {
    Tone.TEXT: "",
    Tone.QUIET: "quiet",
    Tone.ACCENT: "accent",
    Tone.ALARM: "alarm",
    Tone.CHECK: "check",
    Tone.GOOD: "good",
}
