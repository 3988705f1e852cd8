"""What goes wrong with a connector: a mistake in its file, or an answer that lacks what the next request needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sessionconsole.domain.errors import PlatformMisbehaved

Key = str | int


class Mistake(ValueError):
    """Something in a connector file that cannot be; the text tells what, and never the value of a secret.

    `where` is the key path below the part that was compiled, such as ("outcomes", 2, "status"); often it is empty.
    """

    def __init__(self, text: str, where: tuple[Key, ...] = ()) -> None:
        self.text = text
        self.where = where
        super().__init__(text)


@contextmanager
def under(*keys: Key) -> Iterator[None]:
    """Put these keys before the place of a mistake that is found inside."""
    try:
        yield
    except Mistake as mistake:
        raise Mistake(mistake.text, (*keys, *mistake.where)) from None


class NotTaken(PlatformMisbehaved):
    """A request needs a variable that no answer has given; `name` is the variable's."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"An answer of the booking platform lacks what the next request needs ({name}).",
            "Try again. If it stays so, have the connector file checked against the platform.",
        )


class NotSendable(PlatformMisbehaved):
    """A variable has a value that cannot stand where a request needs it; the value is not told."""

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        super().__init__(
            f"What the next request needs ({name}) cannot be sent: {why}.",
            "Check what was typed. If it stays so, have the connector file checked against the platform.",
        )
