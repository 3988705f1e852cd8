"""Sign-ins that were given up and could not be revoked yet, kept in one entry of the vault only to be revoked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sessionconsole.domain.credentials import SignInRecord
from sessionconsole.domain.errors import KeyringProblem, StoreProblem
from sessionconsole.services.credentials import record_from_json, record_to_json
from sessionconsole.services.ports import Clock, Locks, Vault

TO_REVOKE = "to-revoke"

KEEP_TO_REVOKE = timedelta(days=7)
"""How long the secret of a sign-out without network is kept, only to be revoked."""

_TURN = 10.0
"""Seconds to wait for another process that changes the entry; a keyring call takes at most five."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """One sign-in with the moment at which it was given up."""

    record: SignInRecord
    since: datetime


class Leftovers:
    """`ports.Vault`'s entry `to-revoke`: each sign-out adds one, so that none of them takes another's place."""

    def __init__(self, vault: Vault, locks: Locks, clock: Clock) -> None:
        self._vault = vault
        self._locks = locks
        self._clock = clock

    async def add(self, record: SignInRecord) -> Leftover:
        """Keep one more, given up now; raises `KeyringProblem` where it could not be kept."""
        leftover = Leftover(record, self._clock.now())
        await self._change(lambda kept: [*kept, leftover])
        return leftover

    async def remove(self, leftover: Leftover) -> None:
        """Forget one that was revoked; a vault that fails keeps it, and its revocation is asked for once more."""
        with suppress(KeyringProblem):
            await self._change(lambda kept: [each for each in kept if each != leftover])

    async def pending(self) -> Sequence[Leftover]:
        """Those that are not too old to be tried, after the others were forgotten; none where the vault fails."""
        try:
            kept = await self._kept()
            fresh = self._fresh(kept)
            if fresh != kept:
                await self._change(self._fresh)
        except KeyringProblem:
            return ()
        return fresh

    def _fresh(self, kept: Sequence[Leftover]) -> list[Leftover]:
        now = self._clock.now()
        return [each for each in kept if now - each.since <= KEEP_TO_REVOKE]

    async def _change(self, change: Callable[[list[Leftover]], list[Leftover]]) -> None:
        async with self._alone():
            before = await self._kept()
            after = change(before)
            if not after:
                await self._vault.delete(TO_REVOKE)
            elif after != before:
                await self._vault.write(TO_REVOKE, _encode(after))

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Hold off whoever else changes the entry; where that cannot be had, go on: a secret is not lost for it."""
        async with AsyncExitStack() as held:
            with suppress(StoreProblem):
                await held.enter_async_context(self._locks.exclusive(TO_REVOKE, _TURN))
            yield

    async def _kept(self) -> list[Leftover]:
        text = await self._vault.read(TO_REVOKE)
        return _decode(text) if text else []


def _encode(leftovers: Sequence[Leftover]) -> str:
    return json.dumps(
        [{"since": each.since.isoformat(), "record": record_to_json(each.record)} for each in leftovers]
    )


def _decode(text: str) -> list[Leftover]:
    """What can be read of the entry; an earlier version kept a single one, not in a list."""
    try:
        data = json.loads(text)
    except ValueError:
        return []
    found = []
    for each in data if isinstance(data, list) else [data]:
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            found.append(Leftover(record_from_json(each["record"]), datetime.fromisoformat(each["since"])))
    return found
