"""The connector better-auth on a real Better Auth server: what is ended is refused with its own credential."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    BadCredentials,
    NotAllowed,
    RateLimited,
    SecondFactorRefused,
    SignInExpired,
    TooManyTries,
)
from sessionconsole.domain.platforms import Field
from tests.end_to_end.connector_user import ConnectorUser, accepted, agents, until_raised, user_of
from tests.helpers import run
from tests.real_servers.better_auth_server import BetterAuthServer, Member

pytestmark = pytest.mark.slow

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "BookingApp/4.12.0 (Android 14; Pixel 8) okhttp/4.12.0"
CONNECTOR = "better-auth"


@pytest.fixture(scope="module")
def server() -> Iterator[BetterAuthServer]:
    with BetterAuthServer() as server:
        yield server


@pytest.fixture
def guest(server: BetterAuthServer) -> Member:
    """Somebody new with a password only, so that no test finds the sessions of another."""
    return server.newcomer()


async def sign_in_as_manager(user: ConnectorUser, server: BetterAuthServer) -> None:
    manager = server.manager
    await user.sign_in(manager.email, manager.password, FactorMethod.TOTP, manager.totp_code())


def test_it_is_found_at_its_bare_address(server: BetterAuthServer) -> None:
    async def story() -> None:
        async with user_of(server.url, None) as user:
            assert user.platform.about.connector == CONNECTOR
            provided = user.platform.about.capabilities.provides
            assert provided == {Field.SIGNED_IN, Field.LAST_ACTIVE, Field.EXPIRES}

    run(story())


def test_an_unwanted_login_is_found_ended_and_refused_from_then_on(server: BetterAuthServer) -> None:
    async def story() -> None:
        desk = server.sign_in_device(FIREFOX, "198.51.100.23")
        phone = server.sign_in_device(PHONE, "192.0.2.144")
        async with user_of(server.url, CONNECTOR) as user:
            await sign_in_as_manager(user, server)
            me = await user.platform.who_am_i()
            assert (me.person.account, me.may_end) == (server.manager.email, True)

            unwanted = await user.shown_as(PHONE)
            assert unwanted.ip == "192.0.2.144"
            assert unwanted.is_current is False
            assert unwanted.signed_in_at is not None
            assert abs(unwanted.signed_in_at - datetime.now(UTC)) < timedelta(minutes=1)
            assert unwanted.expires_at is not None
            lives = unwanted.expires_at - unwanted.signed_in_at
            assert abs(lives - timedelta(days=7)) < timedelta(seconds=1)
            assert (await user.own()).person.account == server.manager.email

            assert await user.end(unwanted) == accepted(unwanted)

            assert not phone.works()
            assert desk.works()
            left = await user.sessions()
            assert PHONE not in agents(left)
            assert FIREFOX in agents(left)
            await user.platform.sign_out()

    run(story())


def test_the_credentials_that_the_list_holds_go_nowhere(server: BetterAuthServer, guest: Member) -> None:
    async def story() -> None:
        phone = server.sign_in_device(PHONE, person=guest)
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(guest.email, guest.password)

            listing = await user.listing()

            assert len(listing.sessions) == 2
            assert phone.session not in repr(listing)
            assert guest.password not in repr(user.keeper)
            again = {session.handle for session in await user.sessions()}
            assert again == {session.handle for session in listing.sessions}

    run(story())


def test_a_wrong_code_leaves_the_second_step_open(server: BetterAuthServer) -> None:
    async def story() -> None:
        async with user_of(server.url, CONNECTOR) as user:
            asked = await user.platform.sign_in(server.manager.email, server.manager.password)
            assert isinstance(asked, SecondFactorAsked)
            assert set(asked.methods) == {FactorMethod.TOTP, FactorMethod.RECOVERY_CODE}
            with pytest.raises(SecondFactorRefused):
                await user.platform.answer_second_factor(asked, FactorMethod.TOTP, "000000")

            await user.platform.answer_second_factor(asked, FactorMethod.TOTP, server.manager.totp_code())

    run(story())


def test_too_many_wrong_codes_give_the_sign_in_up(server: BetterAuthServer) -> None:
    async def story() -> None:
        manager = server.manager
        async with user_of(server.url, CONNECTOR) as user:
            asked = await user.platform.sign_in(manager.email, manager.password)
            assert isinstance(asked, SecondFactorAsked)
            for _ in range(5):
                with pytest.raises(SecondFactorRefused):
                    await user.platform.answer_second_factor(asked, FactorMethod.TOTP, "000000")

            with pytest.raises(TooManyTries, match="too many wrong codes"):
                await user.platform.answer_second_factor(asked, FactorMethod.TOTP, manager.totp_code())
            with pytest.raises(SignInExpired, match="Enter your password once more"):
                await user.platform.answer_second_factor(asked, FactorMethod.TOTP, manager.totp_code())
            await sign_in_as_manager(user, server)

    run(story())


def test_a_recovery_code_lets_in_as_well(server: BetterAuthServer) -> None:
    async def story() -> None:
        manager = server.manager
        async with user_of(server.url, CONNECTOR) as user:
            code = manager.recovery_code()
            await user.sign_in(manager.username, manager.password, FactorMethod.RECOVERY_CODE, code)
            assert (await user.platform.who_am_i()).person.account == manager.email

            asked = await user.platform.sign_in(manager.username, manager.password)
            assert isinstance(asked, SecondFactorAsked)
            with pytest.raises(SecondFactorRefused):
                await user.platform.answer_second_factor(asked, FactorMethod.RECOVERY_CODE, code)

    run(story())


@pytest.mark.parametrize("password", ["wrong", 'with a "quote" and a \\', ""])
def test_a_wrong_password_is_told(server: BetterAuthServer, guest: Member, password: str) -> None:
    async def story() -> None:
        async with user_of(server.url, CONNECTOR) as user:
            for name in (guest.email, guest.username, "nobody@harbour.example", "nobody"):
                with pytest.raises(BadCredentials):
                    await user.platform.sign_in(name, password)

    run(story())


def test_all_others_and_then_the_own_one_are_ended(server: BetterAuthServer, guest: Member) -> None:
    async def story() -> None:
        devices = [server.sign_in_device(f"device {number}", person=guest) for number in range(3)]
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(guest.username, guest.password)
            others = await user.others()
            assert len(others) == 3

            assert await user.end(*others) == accepted(*others)

            assert not any(device.works() for device in devices)
            own = await user.own()
            assert await user.end(own) == accepted(own)
            with pytest.raises(SignInExpired):
                await user.listing()

    run(story())


def test_what_somebody_else_has_ended_is_off_the_list(server: BetterAuthServer, guest: Member) -> None:
    """The answer to ending it is the same as if it had been there, so only the list can tell."""

    async def story() -> None:
        desk = server.sign_in_device(FIREFOX, person=guest)
        phone = server.sign_in_device(PHONE, person=guest)
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(guest.email, guest.password)
            unwanted = await user.shown_as(PHONE)
            server.end(desk, phone.session)

            assert await user.end(unwanted) == accepted(unwanted)

            assert agents(await user.others()) == {FIREFOX}

    run(story())


def test_a_sign_in_that_was_ended_elsewhere_has_expired(server: BetterAuthServer, guest: Member) -> None:
    async def story() -> None:
        desk = server.sign_in_device(FIREFOX, person=guest)
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(guest.email, guest.password)
            row = await user.shown_as(FIREFOX)
            server.end_others(desk)

            with pytest.raises(SignInExpired):
                await user.platform.who_am_i()
            with pytest.raises(SignInExpired):
                await user.listing()
            with pytest.raises(SignInExpired):
                await user.end(row)
            assert desk.works()
            await user.platform.sign_out()  # a dead one is a success

    run(story())


def test_signing_out_leaves_no_session_behind(server: BetterAuthServer, guest: Member) -> None:
    async def story() -> None:
        desk = server.sign_in_device(FIREFOX, person=guest)
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(guest.email, guest.password)
            assert len(server.sessions(desk)) == 2

            await user.platform.sign_out()

            assert len(server.sessions(desk)) == 1

    run(story())


# ------------------------------------------------------------------------------------ the strict server


@pytest.fixture(scope="module")
def strict() -> Iterator[BetterAuthServer]:
    with BetterAuthServer(fresh_age=3, cookie_cache=30, rate_limits=True) as server:
        yield server


def test_a_sign_in_that_is_not_fresh_any_more_lists_nothing_and_says_why(strict: BetterAuthServer) -> None:
    async def story() -> None:
        async with user_of(strict.url, CONNECTOR) as user:
            await user.sign_in(strict.clerk.email, strict.clerk.password)

            error = await until_raised(SignInExpired, user)

            assert "within the last day" in str(error)
            assert (await user.platform.who_am_i()).person.account == strict.clerk.email
            await user.sign_in(strict.clerk.email, strict.clerk.password)
            assert (await user.own()).is_current

    run(story())


def test_too_many_tries_say_how_long_to_wait(strict: BetterAuthServer) -> None:
    async def story() -> None:
        async with user_of(strict.url, CONNECTOR) as user:
            for _ in range(3):
                with pytest.raises(BadCredentials):
                    await user.platform.sign_in(strict.manager.username, "wrong")
            with pytest.raises(TooManyTries) as told:
                await user.platform.sign_in(strict.manager.username, "wrong")

            assert told.value.retry_after is not None
            assert 0 < told.value.retry_after <= 10

    run(story())


def test_a_list_that_was_read_too_often_says_how_long_to_wait() -> None:
    async def story() -> None:
        with BetterAuthServer(rate_limits=True) as server:
            async with user_of(server.url, CONNECTOR) as user:
                await user.sign_in(server.clerk.email, server.clerk.password)
                while server.ask("GET", "list-sessions").status != 429:
                    pass

                with pytest.raises(RateLimited) as told:
                    await user.listing()

                assert told.value.retry_after is not None
                assert 0 < told.value.retry_after <= 60

    run(story(), timeout=60)


def test_over_https_where_cookies_have_other_names_a_code_lets_in_as_well() -> None:
    async def story() -> None:
        authority = trustme.CA()
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        with BetterAuthServer(authority=authority) as server:
            manager = server.manager
            phone = server.sign_in_device(PHONE)
            async with user_of(server.url, CONNECTOR, trusting) as user:
                await sign_in_as_manager(user, server)
                unwanted = await user.shown_as(PHONE)

                assert await user.end(unwanted) == accepted(unwanted)

                assert not phone.works()
                assert server.count_sessions(manager) == 1

    run(story(), timeout=60)


def test_a_platform_that_knows_cookies_only_says_what_to_switch_on_and_is_left_again() -> None:
    async def story() -> None:
        with BetterAuthServer(bearer=False) as server:
            clerk, manager = server.clerk, server.manager
            async with user_of(server.url, CONNECTOR) as user:
                with pytest.raises(NotAllowed, match="bearer plugin"):
                    await user.platform.sign_in(clerk.email, clerk.password)
                with pytest.raises(NotAllowed, match="bearer plugin"):
                    await user.sign_in(
                        manager.email, manager.password, FactorMethod.TOTP, manager.totp_code()
                    )

                assert server.count_sessions(clerk) == 0
                assert server.count_sessions(manager) == 0

    run(story(), timeout=60)
