"""Tokens are renewed in time, each refresh token is sent once, and two processes never get into each other's way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import AnswerLost, SignInExpired, Unreachable
from sessionconsole.platform.console_api import ConsoleApi
from sessionconsole.platform.opening import HttpPlatforms
from sessionconsole.services.ports import Platform
from tests.helpers import run, until
from tests.platform.faults import FaultServer, Request, Wire, respond
from tests.platform.stages import KEY
from tests.platform.test_console_api import DESCRIPTION
from tests.servers import DemoServer

TOO_OLD = 310  # seconds until the demo's access tokens are refused


SAVES = 2
"""Of one renewal: without the refresh token before it is sent, and the new pair."""


class SharedKeeper:
    """One stored credential, as two processes see it; `saving` can hold a save back."""

    def __init__(self, credential: Credential) -> None:
        self.stored: Credential | None = credential
        self.saves = 0
        self.saving = asyncio.Event()
        self.saving.set()
        self._lock = asyncio.Lock()

    async def load(self) -> Credential | None:
        return self.stored

    async def save(self, credential: Credential) -> None:
        self.saves += 1
        await self.saving.wait()
        self.stored = credential

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        async with self._lock:
            yield


@asynccontextmanager
async def signed_in(demo: DemoServer) -> AsyncIterator[tuple[Platform, SharedKeeper]]:
    platform = await HttpPlatforms(KEY).open(demo.url)
    try:
        asked = await platform.sign_in(demo.username, demo.password)
        assert isinstance(asked, SecondFactorAsked)
        demo.advance(30)
        credential = await platform.answer_second_factor(asked, FactorMethod.TOTP, demo.totp_code())
        assert isinstance(credential, Credential)
        keeper = SharedKeeper(credential)
        platform.use(keeper)
        yield platform, keeper
    finally:
        await platform.close()


@asynccontextmanager
async def another(demo: DemoServer, keeper: SharedKeeper) -> AsyncIterator[Platform]:
    platform = await HttpPlatforms(KEY).open(demo.url)
    platform.use(keeper)
    try:
        yield platform
    finally:
        await platform.close()


def renewals(demo: DemoServer) -> int:
    count: int = demo.effects()["refreshes"]
    return count


def expired(credential: Credential) -> Credential:
    """The same, close to its end by our own clock."""
    return Credential({**credential.values, "expires_at": f"{time.time() + 10:.0f}"})


def test_a_token_near_its_end_is_renewed_before_it_is_used(demo: DemoServer) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, keeper):
            assert keeper.stored is not None
            before, first = renewals(demo), keeper.stored
            keeper.stored = expired(first)
            await platform.who_am_i()
            await platform.who_am_i()
            assert (renewals(demo) - before, keeper.saves) == (1, SAVES)
            assert keeper.stored.values["refresh_token"] != first.values["refresh_token"]

    run(story())


def test_a_token_that_the_platform_calls_too_old_is_renewed_and_the_call_repeated(demo: DemoServer) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, keeper):
            before = renewals(demo)
            demo.advance(TOO_OLD)
            assert (await platform.who_am_i()).person.account == demo.username
            assert (renewals(demo) - before, keeper.saves) == (1, SAVES)

    run(story())


def test_what_another_process_renewed_is_taken_over(demo: DemoServer) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, keeper), another(demo, keeper) as other:
            await other.who_am_i()
            before = renewals(demo)
            demo.advance(TOO_OLD)
            await platform.who_am_i()
            await other.who_am_i()
            demo.advance(TOO_OLD)
            async with asyncio.TaskGroup() as group:
                group.create_task(platform.who_am_i())
                group.create_task(other.who_am_i())
            assert renewals(demo) - before == 2

    run(story())


def test_what_another_process_renewed_is_renewed_again_where_the_platform_calls_that_too_old_as_well(
    demo: DemoServer,
) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, keeper), another(demo, keeper) as other:
            await other.who_am_i()
            demo.advance(TOO_OLD)
            await platform.who_am_i()
            demo.advance(TOO_OLD)
            assert (await other.who_am_i()).person.account == demo.username

    run(story())


def test_a_renewal_whose_answer_was_lost_is_never_sent_again(demo: DemoServer) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, keeper), another(demo, keeper) as other:
            await other.who_am_i()
            ended = sum(demo.effects()["ended"].values())
            before = renewals(demo)
            demo.advance(TOO_OLD)
            demo.fault("POST /v1/token", "drop-after")
            for each in (platform, other, platform):
                with pytest.raises(SignInExpired):
                    await each.who_am_i()
            assert renewals(demo) - before == 1
            # Had it come twice, the platform would have ended the session for it.
            assert sum(demo.effects()["ended"].values()) == ended

    run(story())


def test_while_the_old_token_still_works_a_lost_renewal_hurts_nobody(demo: DemoServer) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, keeper):
            assert keeper.stored is not None
            keeper.stored = expired(keeper.stored)
            demo.fault("POST /v1/token", "drop-before")
            await platform.who_am_i()
            await platform.who_am_i()
            assert "refresh_token" not in keeper.stored.values
            demo.advance(TOO_OLD)
            with pytest.raises(SignInExpired):
                await platform.who_am_i()

    run(story())


def test_a_platform_that_says_it_failed_is_asked_again_later(demo: DemoServer) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, _):
            demo.advance(TOO_OLD)
            demo.fault("POST /v1/token", "500")
            with pytest.raises(AnswerLost):
                await platform.who_am_i()
            await platform.who_am_i()

    run(story())


def test_a_refresh_token_is_gone_from_the_store_before_it_is_sent(demo: DemoServer) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, keeper):
            before = renewals(demo)
            demo.advance(TOO_OLD)
            keeper.saving.clear()
            async with asyncio.TaskGroup() as group:
                group.create_task(platform.who_am_i())
                await until(lambda: keeper.saves)
                assert renewals(demo) == before, "a process that is killed here has sent nothing"
                keeper.saving.set()
            assert renewals(demo) == before + 1

    run(story())


def test_a_renewal_that_began_ends_also_where_its_caller_was_cancelled(demo: DemoServer) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, keeper):
            before = renewals(demo)
            demo.advance(TOO_OLD)
            keeper.saving.clear()
            async with asyncio.TaskGroup() as group:
                task = group.create_task(platform.who_am_i())
                await until(lambda: keeper.saves)
                task.cancel()
            keeper.saving.set()
            await platform.who_am_i()
            assert (renewals(demo) - before, keeper.saves) == (1, SAVES)

    run(story())


def test_closing_lets_a_renewal_end_first() -> None:
    answered = asyncio.Event()

    async def slow(_: Request, wire: Wire) -> None:
        await answered.wait()
        wire.send(
            respond({"access_token": "a2", "refresh_token": "r2", "token_type": "Bearer", "expires_in": 300})
        )

    async def story() -> None:
        async with FaultServer(respond(DESCRIPTION), slow) as server:
            platform = await HttpPlatforms(KEY).open(server.address)
            keeper = SharedKeeper(
                Credential({"access_token": "a1", "refresh_token": "r1", "expires_at": "0"})
            )
            platform.use(keeper)
            async with asyncio.TaskGroup() as group:
                task = group.create_task(platform.who_am_i())
                await server.arrived(2)
                task.cancel()
                closing = group.create_task(platform.close())
                await asyncio.sleep(0)
                answered.set()
                await closing
            assert keeper.stored is not None
            assert keeper.stored.values["refresh_token"] == "r2"

    run(story())


def test_without_network_a_renewal_changes_nothing(demo: DemoServer) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, keeper):
            assert keeper.stored is not None
            keeper.stored = kept = expired(keeper.stored)
            demo.kill()
            with pytest.raises(Unreachable):
                await platform.who_am_i()
            assert keeper.stored == kept

    run(story())


def test_a_session_that_was_ended_is_not_renewed(demo: DemoServer) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, keeper), another(demo, keeper) as other:
            await platform.who_am_i()
            await other.sign_out()
            before = renewals(demo)
            with pytest.raises(SignInExpired):
                await platform.who_am_i()
            assert renewals(demo) == before

    run(story())


def test_a_new_sign_in_of_another_process_is_taken_over(demo: DemoServer) -> None:
    async def story() -> None:
        async with signed_in(demo) as (platform, keeper), another(demo, keeper) as other:
            await platform.who_am_i()
            await other.sign_out()
            async with signed_in(demo) as (_, newer):
                keeper.stored = newer.stored
                assert isinstance(platform, ConsoleApi)
                await platform.who_am_i()

    run(story())
