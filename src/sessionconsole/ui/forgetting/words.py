"""What forgetting a person removes and what it does not, in words: pure functions."""

from __future__ import annotations

from sessionconsole.domain.people import Forgotten
from sessionconsole.domain.sessions import Person
from sessionconsole.ui.look.plain import isolated
from sessionconsole.ui.shell.message_bar import Message

_REMOVED = (
    "Removed from this computer: their sessions in the newest and all earlier lists, orders about them that are done, "
    "answers such as “That’s ours”, and what their browsers said of themselves. None of it can be brought back."
)
_NOT_REMOVED = (
    "Not removed: orders that still wait, files that were set aside as damaged, and anything on the booking platform. "
    "No session is ended."
)


def title(person: Person) -> str:
    """The question; two people may have one name, so the account stands beside it."""
    name, account = isolated(person.shown), isolated(person.account)
    return f"Forget {name}?" if name == account else f"Forget {name} ({account})?"


def what_happens(person: Person, *, listed: int, is_me: bool) -> tuple[str, ...]:
    """What is removed, what is not, and what comes back: `listed` are the sessions that they have on the list now."""
    sentences = [_REMOVED, _NOT_REMOVED]
    if is_me:
        sentences.append(
            "You are signed in with this account: that it read lists and gave orders stays known."
        )
    if listed:
        some = "1 session" if listed == 1 else f"{listed} sessions"
        sentences.append(
            f"{isolated(person.shown)} has {some} on the list now. What is listed then is stored again with the next "
            "reading."
        )
    else:
        sentences.append("Should they be on the list again later, they are stored again.")
    return tuple(sentences)


def forgotten(person: Person, removed: Forgotten, *, listed: int) -> Message:
    """What was removed, and what was not."""
    found = [f"from {_number(removed.lists, 'list', 'lists')}"] if removed.lists else []
    found += [_number(removed.orders, "order", "orders")] if removed.orders else []
    found += [_number(removed.verdicts, "answer", "answers")] if removed.verdicts else []
    what = ", ".join(found) or "there was nothing"
    sentences = [f"Removed what was stored of {isolated(person.shown)}: {what}."]
    if removed.waiting:
        waits = "1 order that waits is" if removed.waiting == 1 else f"{removed.waiting} orders that wait are"
        sentences.append(f"{waits} kept.")
    if listed:
        sentences.append("Still on the list, so the next reading stores them again.")
    return Message(" ".join(sentences), "tick", "good")


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
