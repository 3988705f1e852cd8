"""A value that tells when it is replaced: the only way in which state goes out of a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Observable(Generic[T]):
    """Holds one frozen value; whoever subscribed is called with each new one, in the order of subscribing."""

    def __init__(self, value: T) -> None:
        self._value = value
        self._watchers: list[Callable[[T], None]] = []

    @property
    def value(self) -> T:
        """The value now."""
        return self._value

    def set(self, value: T) -> None:
        """Replace the value and tell it, unless it is the same."""
        if value == self._value:
            return
        self._value = value
        for watcher in tuple(self._watchers):
            if self._value is not value:
                # A watcher has replaced it, and so everybody was told the newer one already.
                return
            watcher(value)

    def subscribe(self, watcher: Callable[[T], None]) -> Callable[[], None]:
        """Call `watcher` with each new value; the returned function ends that."""
        self._watchers.append(watcher)

        def unsubscribe() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return unsubscribe
