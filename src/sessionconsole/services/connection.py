"""The one platform that this home is signed in to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sessionconsole.domain.credentials import Credential, SignInRecord
from sessionconsole.domain.errors import KeyringProblem, SignInNeeded
from sessionconsole.services.credentials import MemoryKeeper, VaultKeeper
from sessionconsole.services.ports import Locks, Platform, Platforms, Vault


class Connection:
    """Opens the platform when it is first needed, so that a start without network costs nothing.

    `use` hands the platform to one task at a time: an answer can therefore never cross a later command.
    """

    def __init__(
        self, platforms: Platforms, vault: Vault, locks: Locks, tell: Callable[[KeyringProblem], None]
    ) -> None:
        self._platforms = platforms
        self._vault = vault
        self._locks = locks
        self._tell = tell
        self._record: SignInRecord | None = None
        self._platform: Platform | None = None
        self._turn = asyncio.Lock()

    @property
    def record(self) -> SignInRecord | None:
        """Whom the home is signed in as; None when signed out."""
        return self._record

    def keeper(self, record: SignInRecord) -> VaultKeeper:
        """The keeper of that sign-in's credential."""
        return VaultKeeper(self._vault, self._locks, record, self._tell)

    def resume(self, record: SignInRecord) -> None:
        """Be signed in as that, without asking the network yet."""
        self._record = record

    async def adopt(self, platform: Platform, record: SignInRecord) -> None:
        """Be signed in as that, on a platform that is open already."""
        await self._close()
        platform.use(self.keeper(record))
        self._platform, self._record = platform, record

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Platform]:
        """The platform, for this task alone; raises `SignInNeeded`, and what `Platforms.open` raises."""
        async with self._turn:
            if self._record is None:
                raise SignInNeeded
            if self._platform is None:
                record = self._record
                platform = await self._platforms.open(record.address, record.connector)
                if self._record is not record:
                    await platform.close()
                    raise SignInNeeded
                platform.use(self.keeper(record))
                self._platform = platform
            yield self._platform

    def keep_in_memory(self, credential: Credential) -> None:
        """Keep the credential only as long as the program runs: the vault did not take it."""
        if self._platform is not None:
            self._platform.use(MemoryKeeper(credential))

    async def drop(self) -> None:
        """Be signed out here; what the platform thinks of it is not asked."""
        self._record = None
        await self._close()

    async def close(self) -> None:
        """Let go of the network; still signed in."""
        await self._close()

    async def _close(self) -> None:
        platform, self._platform = self._platform, None
        if platform is not None:
            await platform.close()
