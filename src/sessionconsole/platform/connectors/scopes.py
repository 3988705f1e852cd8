"""Which variables are known at a place of a connector file, and which of them are secret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

ALWAYS = frozenset({"address", "address_path", "origin", "console.name", "console.version", "console.id"})
TYPED = frozenset({"password", "code"})
"""Secrets that the user types; they are known where they are asked for, and not kept."""

RESERVED = frozenset(
    {"address", "address_path", "origin", "username", "password", "code", "session", "sessions", "parent"}
) | {
    "console",
    "whoami",
}
"""Names that a file may not give to variables of its own."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that templates may use at one place."""

    open: frozenset[str]
    secret: frozenset[str] = frozenset()

    def plus(self, open: Iterable[str] = (), secret: Iterable[str] = ()) -> Scope:  # noqa: A002
        """The same with more names; a name that is secret somewhere stays secret."""
        hidden = self.secret | frozenset(secret)
        return Scope((self.open | frozenset(open)) - hidden, hidden)

    def without(self, names: Iterable[str]) -> Scope:
        """The same with fewer names."""
        gone = frozenset(names)
        return replace(self, open=self.open - gone, secret=self.secret - gone)

    def __contains__(self, name: object) -> bool:
        return name in self.open or name in self.secret

    def is_secret(self, name: str) -> bool:
        """Whether the name must not get into a URL or an open variable."""
        return name in self.secret

    @property
    def names(self) -> list[str]:
        """All names in order."""
        return sorted(self.open | self.secret)
