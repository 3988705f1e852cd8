"""The connector django-allauth on a real server: what is ended is refused with its own session token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import BadCredentials, SecondFactorRefused, SignInExpired, TooManyTries
from sessionconsole.domain.platforms import EndStatus, Field
from tests.allauth_server import AllauthServer
from tests.end_to_end.connector_user import ConnectorUser, accepted, agents, user_of
from tests.helpers import run

pytestmark = pytest.mark.slow

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "BookingApp/4.12.0 (Android 14; Pixel 8) okhttp/4.12.0"
OFFICE, HOTEL = "198.51.100.23", "192.0.2.144"
CONNECTOR = "django-allauth"


@pytest.fixture(scope="module")
def running() -> Iterator[AllauthServer]:
    with AllauthServer(rate_limits=False) as server:
        yield server


@pytest.fixture
def server(running: AllauthServer) -> AllauthServer:
    running.end_all()
    return running


async def sign_in_as_clerk(user: ConnectorUser, server: AllauthServer) -> None:
    await user.sign_in(server.clerk.username, server.clerk.password)


def test_it_is_found_at_its_bare_address(server: AllauthServer) -> None:
    async def story() -> None:
        async with user_of(server.url, None) as user:
            assert user.platform.about.connector == CONNECTOR
            assert Field.SIGNED_IN in user.platform.about.capabilities.provides

    run(story())


def test_an_unwanted_login_is_found_ended_and_refused_from_then_on(server: AllauthServer) -> None:
    async def story() -> None:
        desk = server.login_as_client(FIREFOX, OFFICE)
        phone = server.login_as_client(PHONE, HOTEL)
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(server.username, server.password, FactorMethod.TOTP, server.totp_code())
            assert (await user.platform.who_am_i()).person.account == server.username
            unwanted = await user.shown_as(PHONE)
            assert (unwanted.ip, unwanted.is_current) == (HOTEL, False)
            assert unwanted.signed_in_at is not None
            assert abs(unwanted.signed_in_at - datetime.now(UTC)) < timedelta(minutes=1)

            assert await user.end(unwanted) == accepted(unwanted)

            assert phone.status() == 410
            assert desk.works()
            assert agents(await user.others()) == {FIREFOX}
            assert await user.end(unwanted) == {unwanted.handle: EndStatus.ALREADY_GONE}

    run(story())


def test_a_wrong_code_leaves_the_second_step_open_for_a_recovery_code(server: AllauthServer) -> None:
    async def story() -> None:
        async with user_of(server.url, CONNECTOR) as user:
            asked = await user.platform.sign_in(server.manager.email, server.password)
            assert isinstance(asked, SecondFactorAsked)
            assert set(asked.methods) == {FactorMethod.TOTP, FactorMethod.RECOVERY_CODE}
            with pytest.raises(SecondFactorRefused):
                await user.platform.answer_second_factor(asked, FactorMethod.TOTP, "000000")

            await user.platform.answer_second_factor(
                asked, FactorMethod.RECOVERY_CODE, server.recovery_code()
            )

    run(story())


@pytest.mark.parametrize("password", ["wrong", 'with a "quote" and a \\', ""])
def test_a_wrong_password_is_told(server: AllauthServer, password: str) -> None:
    async def story() -> None:
        async with user_of(server.url, CONNECTOR) as user:
            for name in (server.clerk.username, server.clerk.email, "nobody"):
                with pytest.raises(BadCredentials):
                    await user.platform.sign_in(name, password)

    run(story())


def test_several_are_ended_in_one_request(server: AllauthServer) -> None:
    async def story() -> None:
        phones = [server.login_as_client(f"phone {number}", HOTEL, server.clerk) for number in range(3)]
        async with user_of(server.url, CONNECTOR) as user:
            await sign_in_as_clerk(user, server)
            others = await user.others()
            before = len(server.requests())

            assert await user.end(*others) == accepted(*others)

            assert server.requests()[before:] == ["DELETE auth/sessions 200"]
            assert [phone.status() for phone in phones] == [410, 410, 410]

    run(story())


def test_one_that_is_gone_already_does_not_save_the_others(server: AllauthServer) -> None:
    """The platform refuses the whole batch then, and nothing of it is ended."""

    async def story() -> None:
        phones = [server.login_as_client(f"phone {number}", HOTEL, server.clerk) for number in range(3)]
        async with user_of(server.url, CONNECTOR) as user:
            await sign_in_as_clerk(user, server)
            others = await user.others()
            gone = await user.shown_as("phone 1")
            phones[0].request("DELETE", "auth/sessions", {"sessions": [phones[1].session_id]})

            answers = await user.end(*others)

            assert answers == {**accepted(*others), gone.handle: EndStatus.ALREADY_GONE}
            assert [phone.status() for phone in phones] == [410, 410, 410]

    run(story())


def test_the_own_one_comes_last_and_its_401_is_a_success(server: AllauthServer) -> None:
    async def story() -> None:
        phone = server.login_as_client(PHONE, HOTEL, server.clerk)
        async with user_of(server.url, CONNECTOR) as user:
            await sign_in_as_clerk(user, server)
            everything = await user.sessions()

            assert await user.end(*everything) == accepted(*everything)

            assert phone.status() == 410
            with pytest.raises(SignInExpired):
                await user.listing()
            assert server.sessions_in_database() == []

    run(story())


def test_a_sign_in_that_was_ended_elsewhere_has_expired(server: AllauthServer) -> None:
    async def story() -> None:
        phone = server.login_as_client(PHONE, HOTEL, server.clerk)
        async with user_of(server.url, CONNECTOR) as user:
            await sign_in_as_clerk(user, server)
            row = await user.shown_as(PHONE)
            server.end_all(keep=[phone])

            with pytest.raises(SignInExpired):
                await user.platform.who_am_i()
            with pytest.raises(SignInExpired):
                await user.listing()
            with pytest.raises(SignInExpired):
                await user.end(row)
            assert phone.works()
            await user.platform.sign_out()  # a dead one is a success

    run(story())


def test_signing_out_leaves_no_session_behind(server: AllauthServer) -> None:
    async def story() -> None:
        async with user_of(server.url, CONNECTOR) as user:
            await sign_in_as_clerk(user, server)
            assert len(server.sessions_in_database()) == 1

            await user.platform.sign_out()

            assert server.sessions_in_database() == []

    run(story())


def test_too_many_tries_are_told_as_such() -> None:
    async def story() -> None:
        with AllauthServer() as server:
            async with user_of(server.url, CONNECTOR) as user:
                for _ in range(5):
                    with pytest.raises(BadCredentials):
                        await user.platform.sign_in(server.clerk.username, "wrong")

                with pytest.raises(TooManyTries):
                    await user.platform.sign_in(server.clerk.username, server.clerk.password)

    run(story(), timeout=60)
