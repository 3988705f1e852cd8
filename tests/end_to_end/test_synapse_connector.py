"""The connector synapse on a real Synapse: what is ended is refused with its own access token."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import (
    BadCredentials,
    ReauthenticationNeeded,
    SignInExpired,
    TooManyTries,
)
from sessionconsole.domain.platforms import Field
from tests.end_to_end.connector_user import accepted, user_of
from tests.helpers import run, until
from tests.real_servers.synapse_server import SynapseServer

pytestmark = pytest.mark.slow

CONNECTOR = "synapse"


@pytest.fixture(scope="module")
def server() -> Iterator[SynapseServer]:
    """It asks for the password before it ends anything, however fresh the sign-in is."""
    with SynapseServer() as server:
        yield server


def test_it_is_found_at_its_bare_address(server: SynapseServer) -> None:
    async def story() -> None:
        async with user_of(server.url, None) as user:
            assert user.platform.about.connector == CONNECTOR
            assert user.platform.about.capabilities.provides == {Field.LAST_ACTIVE}

    run(story())


def test_an_unwanted_login_is_ended_after_the_password_was_given_once_more(server: SynapseServer) -> None:
    async def story() -> None:
        kim = server.newcomer()
        desk = server.sign_in_device("Front desk", person=kim)
        phone = server.sign_in_device("Unknown phone", person=kim)
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(kim.username, kim.password)
            me = await user.platform.who_am_i()
            assert (me.person.account, me.may_end) == (f"@{kim.username}:harbour.example", True)
            unwanted = await user.shown_as("Unknown phone")
            assert unwanted.is_current is False
            assert (await user.own()).device.name is not None

            with pytest.raises(ReauthenticationNeeded) as asked:
                await user.end(unwanted)
            assert asked.value.methods == (FactorMethod.PASSWORD,)
            assert phone.works()
            await user.platform.reauthenticate(FactorMethod.PASSWORD, kim.password)
            assert await user.end(unwanted) == accepted(unwanted)

            assert not phone.works()
            assert desk.works()
            assert {session.device.name for session in await user.others()} == {"Front desk"}

    run(story())


def test_a_wrong_password_ends_nothing_and_asks_once_more(server: SynapseServer) -> None:
    async def story() -> None:
        kim = server.newcomer()
        phone = server.sign_in_device("Unknown phone", person=kim)
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(kim.username, kim.password)
            unwanted = await user.shown_as("Unknown phone")
            with pytest.raises(ReauthenticationNeeded):
                await user.end(unwanted)

            await user.platform.reauthenticate(FactorMethod.PASSWORD, "wrong")
            with pytest.raises(ReauthenticationNeeded, match="The password was not accepted") as refused:
                await user.end(unwanted)

            assert refused.value.methods == (FactorMethod.PASSWORD,)
            assert phone.works()
            await user.platform.reauthenticate(FactorMethod.PASSWORD, kim.password)
            assert await user.end(unwanted) == accepted(unwanted)
            assert not phone.works()

    run(story())


def test_several_are_ended_with_one_proof(server: SynapseServer) -> None:
    async def story() -> None:
        kim = server.newcomer()
        phones = [server.sign_in_device(f"Phone {number}", person=kim) for number in range(3)]
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(kim.username, kim.password)
            unwanted = await user.others()
            assert len(unwanted) == 3
            with pytest.raises(ReauthenticationNeeded):
                await user.end(*unwanted)
            assert all(phone.works() for phone in phones)
            await user.platform.reauthenticate(FactorMethod.PASSWORD, kim.password)

            assert await user.end(*unwanted) == accepted(*unwanted)

            assert not any(phone.works() for phone in phones)
            assert await user.others() == []

    run(story())


def test_what_somebody_else_has_ended_is_off_the_list(server: SynapseServer) -> None:
    """Ending it is answered as if it had been there, so only the list can tell."""

    async def story() -> None:
        kim = server.newcomer()
        desk = server.sign_in_device("Front desk", person=kim)
        phone = server.sign_in_device("Unknown phone", person=kim)
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(kim.username, kim.password)
            unwanted = await user.shown_as("Unknown phone")
            assert server.end(desk, phone.session, kim).status == 200
            with pytest.raises(ReauthenticationNeeded):
                await user.end(unwanted)
            await user.platform.reauthenticate(FactorMethod.PASSWORD, kim.password)

            await user.end(unwanted)

            assert {session.device.name for session in await user.others()} == {"Front desk"}

    run(story())


@pytest.mark.parametrize("password", ["wrong", 'with a "quote" and a \\', ""])
def test_a_wrong_password_is_told(server: SynapseServer, password: str) -> None:
    async def story() -> None:
        async with user_of(server.url, CONNECTOR) as user:
            for name in (server.kim.username, "nobody"):
                with pytest.raises(BadCredentials):
                    await user.platform.sign_in(name, password)

    run(story())


def test_a_sign_in_that_was_ended_elsewhere_has_expired(server: SynapseServer) -> None:
    async def story() -> None:
        kim = server.newcomer()
        desk = server.sign_in_device("Front desk", person=kim)
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(kim.username, kim.password)
            row = await user.shown_as("Front desk")
            (console,) = [
                each["device_id"] for each in server.sessions(desk) if each["device_id"] != desk.session
            ]
            assert server.end(desk, console, kim).status == 200

            with pytest.raises(SignInExpired):
                await user.platform.who_am_i()
            with pytest.raises(SignInExpired):
                await user.listing()
            with pytest.raises(SignInExpired):
                await user.end(row)
            assert desk.works()
            await user.platform.sign_out()  # a dead one is a success

    run(story())


def test_signing_out_leaves_no_device_behind(server: SynapseServer) -> None:
    async def story() -> None:
        kim = server.newcomer()
        desk = server.sign_in_device("Front desk", person=kim)
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(kim.username, kim.password)
            assert len(server.sessions(desk)) == 2

            await user.platform.sign_out()

            assert len(server.sessions(desk)) == 1

    run(story())


# ------------------------------------------------------------------------------------- other settings


def test_a_fresh_sign_in_ends_without_another_proof_where_the_server_allows_it() -> None:
    async def story() -> None:
        with SynapseServer(reauthentication_timeout=300) as server:
            phone = server.sign_in_device("Unknown phone")
            async with user_of(server.url, CONNECTOR) as user:
                await user.sign_in(server.kim.username, server.kim.password)
                unwanted = await user.shown_as("Unknown phone")

                assert await user.end(unwanted) == accepted(unwanted)

                assert not phone.works()

    run(story(), timeout=90)


def test_an_access_token_is_renewed_before_it_is_too_old_and_stays_the_same_device() -> None:
    async def story() -> None:
        with SynapseServer(access_token_life=2) as server:
            async with user_of(server.url, CONNECTOR) as user:
                await user.sign_in(server.kim.username, server.kim.password)
                first = await user.own()
                assert user.keeper is not None
                tokens = {str(user.keeper.credential.values)}

                async with asyncio.timeout(20):
                    while len(tokens) < 4:
                        assert [each.handle for each in await user.sessions()] == [first.handle]
                        tokens.add(str(user.keeper.credential.values))
                        await asyncio.sleep(0.1)

    run(story(), timeout=90)


def test_a_token_that_became_too_old_while_the_program_slept_is_renewed() -> None:
    async def story() -> None:
        with SynapseServer(access_token_life=1) as server:
            async with user_of(server.url, CONNECTOR) as user:
                await user.sign_in(server.kim.username, server.kim.password)
                assert user.keeper is not None
                slept = user.keeper.credential
                old = server.device_of(json.loads(slept.values["secrets"])["access_token"])
                await until(lambda: not old.works(), timeout=20)

                assert (await user.own()).is_current

                assert user.keeper.credential != slept

    run(story(), timeout=90)


def test_too_many_tries_say_how_long_to_wait() -> None:
    async def story() -> None:
        with SynapseServer(rate_limits=True) as server:
            async with user_of(server.url, CONNECTOR) as user:
                for _ in range(2):
                    with pytest.raises(BadCredentials):
                        await user.platform.sign_in(server.kim.username, "wrong")
                with pytest.raises(TooManyTries) as told:
                    await user.platform.sign_in(server.kim.username, "wrong")

                assert told.value.retry_after is not None
                assert 0 < told.value.retry_after <= 10

    run(story(), timeout=90)
