"""The one platform that this home is signed in to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from sessionconsole.domain.credentials import Credential, SignInRecord
from sessionconsole.domain.errors import KeyringProblem, SignInNeeded
from sessionconsole.services.credentials import MemoryKeeper, VaultKeeper
from sessionconsole.services.ports import CredentialKeeper, Locks, Platform, Platforms, Vault


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
        self._keeper: CredentialKeeper | None = None
        self._turn = asyncio.Lock()

    @property
    def record(self) -> SignInRecord | None:
        """Whom the home is signed in as; None when signed out."""
        return self._record

    @property
    def is_kept(self) -> bool:
        """Whether the sign-in outlives the program."""
        return self._vault.kept and not isinstance(self._keeper, MemoryKeeper)

    async def credential(self) -> Credential | None:
        """The credential as it is now, wherever it is kept; None when signed out."""
        if self._record is None:
            return None
        keeper = self._keeper or self._keeper_of(self._record)
        with suppress(KeyringProblem):  # a renewal is under way and the keyring does not answer
            return await keeper.load() or self._record.credential
        return self._record.credential

    def resume(self, record: SignInRecord) -> None:
        """Be signed in as that, without asking the network yet."""
        self._record = record

    async def adopt(self, platform: Platform, record: SignInRecord, *, kept: bool) -> None:
        """Be signed in as that, on a platform that is open already; not `kept` where the vault did not take it."""
        await self._close()
        self._record = record
        self._take(platform, self._keeper_of(record) if kept else MemoryKeeper(record.credential))

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Platform]:
        """The platform, for this task alone; raises `SignInNeeded`, and what `Platforms.open` raises."""
        async with self._turn:
            if self._record is None:
                raise SignInNeeded
            if self._platform is None:
                record = self._record
                platform = await self._platforms.open(record.address, record.connector, record.variables)
                if self._record is not record:
                    await platform.close()
                    raise SignInNeeded
                self._take(platform, self._keeper or self._keeper_of(record))
            assert self._platform is not None
            yield self._platform

    @property
    def has_live_events(self) -> bool:
        """Whether the platform that is open now says at once when its list has changed."""
        return self._platform is not None and self._platform.about.capabilities.live_events

    async def listen(self, heard: Callable[[], Awaitable[None]]) -> None:
        """`Platform.listen` of the platform that is open now, beside whoever uses it; ends when that is closed."""
        if self._platform is not None:
            await self._platform.listen(heard)

    async def drop(self) -> None:
        """Be signed out here; what the platform thinks of it is not asked."""
        self._record = self._keeper = None
        await self._close()

    async def close(self) -> None:
        """Let go of the network; still signed in."""
        await self._close()

    def _keeper_of(self, record: SignInRecord) -> VaultKeeper:
        return VaultKeeper(self._vault, self._locks, record, self._tell)

    def _take(self, platform: Platform, keeper: CredentialKeeper) -> None:
        platform.use(keeper)
        self._platform, self._keeper = platform, keeper

    async def _close(self) -> None:
        platform, self._platform = self._platform, None
        if platform is not None:
            await platform.close()
