"""The variables of a connector: what templates are filled with, some of it secret."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sessionconsole.platform.connectors.masking import mask, texts_in
from sessionconsole.platform.connectors.mistakes import NotTaken

Layer = Mapping[str, Any]

_MOST_FORMER = 50


class Variables:
    """Names and their values, some secret; it never changes, and its repr tells the names alone.

    Names may have a dot (`session.id`); values are what JSON can say. A secret that was replaced is still masked.
    """

    __slots__ = ("_former", "_secret", "_sessions", "_values")

    def __init__(
        self,
        open: Layer | None = None,  # noqa: A002 - it is what it is
        secret: Layer | None = None,
        *,
        former: Sequence[Any] = (),
        sessions: Sequence[Layer] = (),
    ) -> None:
        secret = secret or {}
        self._values: dict[str, Any] = {**(open or {}), **secret}
        self._secret = frozenset(secret)
        self._former = tuple(former)
        self._sessions = tuple(sessions)

    def with_(self, open: Layer | None = None, secret: Layer | None = None) -> Variables:  # noqa: A002
        """The same with these added or replaced; a name is as secret as it was given last."""
        given = {**(open or {}), **(secret or {})}
        replaced = [self._values[name] for name in sorted(self._secret & given.keys())]
        kept = {name: value for name, value in self._values.items() if name not in given}
        return Variables(
            {**{name: value for name, value in kept.items() if name not in self._secret}, **(open or {})},
            {**{name: value for name, value in kept.items() if name in self._secret}, **(secret or {})},
            former=(*self._former, *replaced)[-_MOST_FORMER:],
            sessions=self._sessions,
        )

    def with_session(self, session: Layer, secret: Collection[str] = ()) -> Variables:
        """The same with one session: its `id` becomes `session.id`, and so on; `secret` are names of it."""
        return self.with_(*_parted("session", session, secret))

    def with_sessions(self, sessions: Sequence[Layer], secret: Collection[str] = ()) -> Variables:
        """The same with several: `sessions.id` is the list of their ids, and `each` goes through them."""
        names = dict.fromkeys(name for session in sessions for name in session)
        lists = {name: [session.get(name) for session in sessions] for name in names}
        made = self.with_(*_parted("sessions", lists, secret))
        return Variables(made.shown, made.secrets, former=made._former, sessions=sessions)  # noqa: SLF001

    def each(self) -> Iterator[Variables]:
        """For each of the sessions the variables with that one as `session.NAME`."""
        for session in self._sessions:
            yield self.with_session(session, {name for name in session if self.is_secret(f"sessions.{name}")})

    def __getitem__(self, name: str) -> Any:
        """The value, which may be None; raises `NotTaken` where there never was one."""
        try:
            return self._values[name]
        except KeyError:
            raise NotTaken(name) from None

    def get(self, name: str) -> Any:
        """The value, None where there is none."""
        return self._values.get(name)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def is_secret(self, name: str) -> bool:
        """Whether it must not be shown, logged or put into a URL."""
        return name in self._secret

    @property
    def secrets(self) -> Layer:
        """The secret ones, by name."""
        return MappingProxyType({name: self._values[name] for name in sorted(self._secret)})

    @property
    def shown(self) -> Layer:
        """The open ones, by name."""
        return MappingProxyType({name: self._values[name] for name in self._values.keys() - self._secret})

    def mask(self, text: str) -> str:
        """The text with every secret value hidden, in every form in which it may stand there (see `masking`)."""
        values = (*(self._values[name] for name in self._secret), *self._former)
        return mask(text, {leaf for value in values for leaf in texts_in(value)})

    def __repr__(self) -> str:
        return f"Variables({', '.join(sorted(self._values))})"


def _parted(prefix: str, values: Layer, secret: Collection[str]) -> tuple[Layer, Layer]:
    """The open and the secret ones, each name behind the prefix."""
    return (
        {f"{prefix}.{name}": value for name, value in values.items() if name not in secret},
        {f"{prefix}.{name}": value for name, value in values.items() if name in secret},
    )
