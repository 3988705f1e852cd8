"""Sending a call of a connector file with the right credential, and saying what the answer means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.format.parts import Call, Word
from sessionconsole.services.ports import CredentialKeeper

if TYPE_CHECKING:
    from sessionconsole.platform.addresses import Address
    from sessionconsole.platform.connectors.conditions import Row
    from sessionconsole.platform.connectors.requests import CompiledCall
    from sessionconsole.platform.connectors.sources import Reply
    from sessionconsole.platform.connectors.values import Variables

Layer = Callable[["Variables"], "Variables"]
"""Puts what one call alone knows, such as `session.id`, on top of what all calls know."""

OK: frozenset[Word] = frozenset({"ok"})


@dataclass(frozen=True, slots=True)
class Done:
    """One answer and what it means; `variables` is all that the call knew, and what was taken from the answer."""

    word: Word
    row: Row | None
    reply: Reply = field(repr=False)
    variables: Variables = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """One call as `connector try` shows it; every secret in it is masked.

    `row` counts from 0 within the call's own table, then on through the common rows (`common`); `taken` has the
    variables that were taken from the answer, `status` is None where none came.
    """

    call: str
    request: str
    status: int | None
    word: Word | None
    row: int | None
    common: bool
    taken: Mapping[str, str]
    answer: str
    """The beginning of the body."""


Observer = Callable[[Seen], None]


class Caller:
    """Speaks to one platform as one account.

    It attaches the credential, keeps what the platform changes of it, renews it before it is too old and once after
    `dead`, lets whoami decide `reauthenticate-or-dead`, and proves the account again with a proof that was typed
    lately. Not for use from two tasks at once.
    """

    address: Address
    """What the user typed."""

    def compiled(self, call: Call, name: str) -> CompiledCall:
        """The call with the common rows behind its own; `name` is its key path, such as "end.one"."""
        raise NotImplementedError

    def use(self, keeper: CredentialKeeper) -> None:
        """Take the credential from there from now on, and keep changed ones there; forgets what `know` was told."""
        raise NotImplementedError

    def know(self, values: Mapping[str, object]) -> None:
        """Open values that all later calls know, such as `whoami.session`; kept in memory only."""
        raise NotImplementedError

    async def variables(self) -> Variables:
        """What every call knows now; raises `SignInNeeded`, `SignInExpired`."""
        raise NotImplementedError

    async def send(
        self,
        call: CompiledCall,
        layer: Layer | None = None,
        *,
        wanted: Collection[Word] = OK,
        query: Mapping[str, object] | None = None,
        link: str | None = None,
        large: bool = False,
    ) -> Done:
        """Send the call as the signed-in account; returns only answers whose word is `wanted`.

        `query` is put over the call's own query (the parameters of paging; None takes one out). `link` takes the place
        of path and query: one that the platform gave, held to the same origin. `large` allows as much as a list may have.

        Raises for any other word what `errors.error_for` makes of it: `SignInExpired`, `ReauthenticationNeeded`,
        `NotAllowed`, `RateLimited`, `TryLater`, `AnswerLost` (also for "not-known", and "try-later" of what writes),
        `PlatformMisbehaved`; and whatever `Http.send` raises. "dead" is returned, if wanted, after a renewal was tried.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of all connections, after a renewal under way has come to its end."""
        raise NotImplementedError


def open_caller(
    connector: Connector, address: str, variables: Mapping[str, str], observer: Observer | None = None
) -> Caller:
    """Get ready to speak to the platform at the address that the user typed, without sending anything.

    `variables` are what the user entered for [variables]. Raises `WrongUse` for what is missing or wrong.
    Signing in is `signing_in.SigningIn(caller)`: `sign_in(username, password)`, `answer(asked, method, code)`,
    `send_code(asked, method)`; proving oneself again is `reauthenticating.Reauthenticating(caller, signing_in)`:
    `reauthenticate(method, secret)`. Both take and return what `ports.Platform` does.
    """
    raise NotImplementedError
