"""What a dry run says of a list and of an end: pure functions over what was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sessionconsole.domain.errors import (
    BadCredentials,
    PlatformMisbehaved,
    SecondFactorRefused,
    SessionConsoleError,
    SignInNeeded,
)
from sessionconsole.domain.platforms import Capabilities, EndAnswer, EndStatus, Field, Listing
from sessionconsole.domain.sessions import LoginSession
from sessionconsole.domain.trials import Remark, TrialRemark, TriedCall

_DEVICE = ("name", "model", "app", "os", "browser")
_TIMES = (Field.SIGNED_IN, Field.LAST_ACTIVE, Field.IDLE_EXPIRES, Field.EXPIRES)


def good(text: str) -> TrialRemark:
    """It is as it should be."""
    return TrialRemark(Remark.GOOD, text)


def note(text: str, advice: str | None = None) -> TrialRemark:
    """It may be as it should be."""
    return TrialRemark(Remark.NOTE, text, advice)


def wrong(text: str, advice: str) -> TrialRemark:
    """The file has to be changed."""
    return TrialRemark(Remark.WRONG, text, advice)


SECOND_ENDED_THE_FIRST: Final = wrong(
    "After the second sign-in the session of the first one is not listed any more, so that none was ended.",
    "Some platforms keep one session for each device or installation id, such as {console.id}, or for each account. "
    "Let the sign-in send no such id if it can: else each sign-in, as by a command in a terminal, ends the one before.",
)


def advice_on(error: SessionConsoleError, call: TriedCall | None) -> str:
    """What to change in the file where the trial failed at that call; the error's own advice is for users."""
    if isinstance(error, BadCredentials | SecondFactorRefused):
        return f"{error.advice} If what you typed is right, look at the outcomes of that call."
    if call is None or call.status is None:
        return error.advice
    if call.word == "sign-in-expired":
        return (
            f"A row of {call.call}.outcomes took the answer for sign-in-expired. In a dry run too little time passes "
            "for that: look whether the steps before took, and sent on, what the platform expects, such as cookies and "
            "hidden fields."
        )
    if isinstance(error, PlatformMisbehaved):
        return _advice_on_answer(call)
    if isinstance(error, SignInNeeded) and call.word in ("dead", "reauthenticate-or-dead"):
        return (
            f"{call.call} did not take the credential that was just given. Compare [credential.default] with what the "
            "platform wants (name of the header, word before the token), and what was taken with the sign-in's answer."
        )
    return error.advice


def _advice_on_answer(call: TriedCall) -> str:
    if call.word is None:
        return (
            f"No row of {call.call}.outcomes and of the common [[outcomes]] holds for status {call.status}: compare "
            "its answer with path and method, and with the rows; if it is a usual answer, add a row for it."
        )
    if call.call == "list":
        return (
            "Compare its answer with list.items and list.fields.id: there is no list, or an item without id."
        )
    if call.call == "whoami":
        return "Compare its answer with whoami.account: there is no text. Without it the typed user name is shown."
    return f"Compare its answer with what {call.call} takes (take and take_secret, also those of its row)."


def has_device(session: LoginSession) -> bool:
    """Whether anything tells what the person uses."""
    return session.user_agent is not None or any(getattr(session.device, fact) for fact in _DEVICE)


def of_list(
    listing: Listing, account: str, capabilities: Capabilities, now: datetime
) -> Iterator[TrialRemark]:
    """What there is to say of the list, as the account was shown it."""
    sessions = listing.sessions
    if not sessions:
        yield wrong(
            "The list is empty, although this program's own session must be on it.",
            "Look at list.items and list.keep. If the platform leaves out the session that asks, add list.own.",
        )
        return
    if not listing.complete:
        yield note(
            "The list was cut at its cap, told of more than it gave, or has several sessions of one id: nothing can be "
            "proved gone.",
            "Look at list.paging and list.fields.id; raise list.most_pages or list.most_sessions.",
        )
    yield _of_own(sessions)
    yield from _of_people(sessions, account)
    for fact in _TIMES:
        if fact in capabilities.provides:
            yield from _of_time(fact, sessions, now)
    if not any(map(has_device, sessions)):
        yield note(
            "No session tells its device.",
            "If the platform sends a browser string or a name, map list.fields.user_agent or device_name.",
        )


def _of_own(sessions: Sequence[LoginSession]) -> TrialRemark:
    marks = Counter(session.is_current for session in sessions)
    if marks[True] == 1:
        return good("This program's own session is told apart.")
    if marks[True] > 1:
        return wrong(
            f"{marks[True]} sessions are told to be this program's own.",
            "Only one can be. Look at list.current: its path must differ from session to session.",
        )
    if marks[False]:
        return wrong(
            "None of the sessions is told to be this program's own.",
            "Look at list.current, and at what whoami.session takes. If the list leaves out the session that asks, "
            "add list.own.",
        )
    return note(
        "The list does not tell which session is this program's own.",
        "If it has a mark, or an id that whoami tells too, say so in list.current.",
    )


def _of_people(sessions: Sequence[LoginSession], account: str) -> Iterator[TrialRemark]:
    nobody = sum(session.person.account.startswith("(") for session in sessions)
    if nobody:
        yield wrong(
            f"{nobody} of {len(sessions)} sessions tell no account.",
            "Look at list.fields.account; leave it out where the list has only the sessions of who asks.",
        )
    accounts = {session.person.account for session in sessions}
    own = next((session.person.account for session in sessions if session.is_current), account)
    if own != account:
        yield note(
            f"This program is signed in as {account}, and its own session is one of {own}.",
            "Let whoami.account and list.fields.account take the same name of a person.",
        )
    elif len(accounts) > 1:
        yield good(f"The list has sessions of {len(accounts)} people.")


def _of_time(fact: Field, sessions: Sequence[LoginSession], now: datetime) -> Iterator[TrialRemark]:
    times: list[datetime] = [
        time for session in sessions if (time := getattr(session, fact.value)) is not None
    ]
    place = f"list.fields.{fact.value}"
    if not times:
        yield note(
            f"{fact.value} is told for none of the sessions.",
            f"Look at {place}: its path, and whether its `time` is iso, epoch-s or epoch-ms.",
        )
    elif fact in (Field.SIGNED_IN, Field.LAST_ACTIVE) and max(times) > now + timedelta(hours=1):
        yield wrong(
            f"{fact.value} lies in the future.",
            f"Look at {place}: its path, its `time` and its `zone`. Check this computer's clock too.",
        )
    elif fact is Field.LAST_ACTIVE and max(times) < now - timedelta(hours=1):
        yield note(
            "No session was used within the last hour, although this program's own was just now.",
            f"Look at the `zone` of {place}. If the platform writes it late, say so in "
            "capabilities.last_active_note.",
        )


def of_end(answer: EndAnswer) -> TrialRemark:
    """What the platform answered to the end of a session that was there a moment ago."""
    told = f"The platform answered to the end of the second session: {answer.status.value}."
    if answer.status is EndStatus.ACCEPTED:
        return good(told)
    reason = f" It says: {answer.detail}" if answer.detail else ""
    return wrong(
        f"{told}{reason}",
        "The session was there a moment ago. Look at the path, the body and the outcomes of end.one.",
    )


def of_listing_on(listed_for: float | None, can: Capabilities, waited: float) -> TrialRemark:
    """How long the ended session was listed, in seconds; None where it still is after `waited`."""
    if listed_for is None:
        return wrong(f"The ended session is still listed after {waited:.0f} s.", "Look at end.one.")
    if listed_for > can.verify_within.total_seconds():
        return wrong(
            f"The ended session was listed for {listed_for:.0f} s.",
            f"Set capabilities.verify_within_s to at least {listed_for + 1:.0f}.",
        )
    return good(f"The ended session was off the list after {listed_for:.0f} s.")


def of_living_on(died_after: float | None, can: Capabilities, waited: float, step: float) -> TrialRemark:
    """How long the ended session's credential worked, looked at every `step` seconds; None where it still does."""
    if died_after is None and can.hides_only:
        return good(f"The credential still works after {waited:.0f} s, as the file says.")
    if died_after is None:
        return wrong(
            f"The credential of the ended session still works after {waited:.0f} s.",
            'Set capabilities.ends = "listing-only", or revocation_delay_s to what the platform\'s '
            "documentation says.",
        )
    if can.hides_only:
        return note(
            f"The credential of the ended session was refused after {died_after:.0f} s.",
            'capabilities.ends = "listing-only" says that it never is.',
        )
    declared = can.revocation_delay.total_seconds()
    if died_after > declared + step + 1:
        return wrong(
            f"The credential of the ended session worked on for {died_after:.0f} s; the file says {declared:.0f}.",
            f"Set capabilities.revocation_delay_s to at least {died_after + step:.0f}.",
        )
    return good(f"The credential of the ended session was refused after {died_after:.0f} s.")
