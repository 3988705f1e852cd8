"""Somebody who signs in to a platform through its connector, as the program does, without window or store."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
from sessionconsole.domain.platforms import EndStatus, Listing
from sessionconsole.domain.sessions import Handle, LoginSession
from sessionconsole.platform.opening import HttpPlatforms
from sessionconsole.services.credentials import MemoryKeeper
from sessionconsole.services.ports import Platform

_LOOK = 0.05  # seconds between two looks at a platform
_PATIENCE = 15  # seconds until what a platform does by itself must have happened


class ConnectorUser:
    """One sign-in; `platform` is what the program itself would speak to."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.keeper: MemoryKeeper | None = None

    async def sign_in(
        self, username: str, password: str, method: FactorMethod | None = None, code: str = ""
    ) -> None:
        """Password, and the code where one is asked for; AssertionError where it is asked for and none is given."""
        answer = await self.platform.sign_in(username, password)
        if isinstance(answer, SecondFactorAsked):
            assert method is not None, f"a second factor is asked for: {answer.methods}"
            assert method in answer.methods
            answer = await self.platform.answer_second_factor(answer, method, code)
        assert isinstance(answer, Credential)
        self.use(answer)

    def use(self, credential: Credential) -> None:
        self.keeper = MemoryKeeper(credential)
        self.platform.use(self.keeper)

    async def listing(self) -> Listing:
        listing = await self.platform.list_sessions()
        assert listing is not None
        return listing

    async def sessions(self) -> tuple[LoginSession, ...]:
        return (await self.listing()).sessions

    async def own(self) -> LoginSession:
        (own,) = [session for session in await self.sessions() if session.is_current]
        return own

    async def others(self) -> list[LoginSession]:
        """All but the own one; each must say that it is another one."""
        rest = [session for session in await self.sessions() if not session.is_current]
        assert all(session.is_current is False for session in rest)
        return rest

    async def shown_as(self, text: str) -> LoginSession:
        """The one session whose user agent or device name is that."""
        sessions = await self.sessions()
        (found,) = [each for each in sessions if text in (each.user_agent, each.device.name)]
        return found

    async def end(self, *sessions: LoginSession) -> Mapping[Handle, EndStatus]:
        answers = await self.platform.end([session.handle for session in sessions])
        return {handle: answer.status for handle, answer in answers.items()}


@asynccontextmanager
async def user_of(
    address: str, connector: str | None, trusting: ssl.SSLContext | None = None
) -> AsyncIterator[ConnectorUser]:
    """Somebody at that address; without a connector the program finds out by itself what answers there."""
    platform = await HttpPlatforms(b"handle key of the tests", verify=trusting).open(address, connector)
    try:
        yield ConnectorUser(platform)
    finally:
        await platform.close()


async def until_raised(kind: type[BaseException], user: ConnectorUser) -> BaseException:
    """List again and again until the platform refuses; the error. AssertionError after `_PATIENCE` seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE
    while loop.time() < deadline:
        try:
            await user.listing()
        except kind as error:
            return error
        await asyncio.sleep(_LOOK)
    raise AssertionError(f"no {kind.__name__} within {_PATIENCE} s")


def accepted(*sessions: LoginSession) -> dict[Handle, EndStatus]:
    """What ending these should have answered."""
    return {session.handle: EndStatus.ACCEPTED for session in sessions}


def agents(sessions: Sequence[LoginSession]) -> set[str | None]:
    return {session.user_agent for session in sessions}
