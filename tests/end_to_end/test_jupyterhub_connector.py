"""The connector jupyterhub on a real JupyterHub: what is ended is refused with its own token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sessionconsole.domain.errors import BadCredentials, SignInExpired
from sessionconsole.domain.platforms import EndStatus, Field
from tests.end_to_end.connector_user import accepted, user_of
from tests.helpers import run
from tests.real_servers.jupyterhub_server import JupyterHubServer

pytestmark = pytest.mark.slow

CONNECTOR = "jupyterhub"


@pytest.fixture(scope="module")
def server() -> Iterator[JupyterHubServer]:
    with JupyterHubServer() as server:
        yield server


def test_it_is_found_at_its_bare_address(server: JupyterHubServer) -> None:
    async def story() -> None:
        async with user_of(server.url, None) as user:
            about = user.platform.about
            assert about.connector == CONNECTOR
            assert about.capabilities.provides == {Field.SIGNED_IN, Field.LAST_ACTIVE, Field.EXPIRES}
            assert about.security_page == f"{server.url}/hub/token"

    run(story())


# The name stands in the path of every call, and the password in JSON.
@pytest.mark.parametrize("name", ["kim", "ana del mar", "sam+desk@harbour.example", "jörg?#%2f"])
def test_an_unwanted_login_is_found_ended_and_refused_from_then_on(
    server: JupyterHubServer, name: str
) -> None:
    async def story() -> None:
        server.register(name)
        desk = server.sign_in_device("Front desk", name)
        phone = server.sign_in_device("Unknown phone", name)
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in(name, server.password)
            me = await user.platform.who_am_i()
            assert (me.person.account, me.may_end) == (name, True)
            unwanted = await user.shown_as("Unknown phone")
            assert unwanted.is_current is False
            assert unwanted.signed_in_at is not None
            assert abs(unwanted.signed_in_at - datetime.now(UTC)) < timedelta(minutes=1)
            assert unwanted.last_active_at is None
            assert unwanted.expires_at is None
            assert (await user.own()).is_current

            assert await user.end(unwanted) == accepted(unwanted)

            assert not phone.works()
            assert desk.works()
            assert {session.device.name for session in await user.others()} == {"Front desk"}
            assert await user.end(unwanted) == {unwanted.handle: EndStatus.ALREADY_GONE}

    run(story())


def test_all_others_and_then_the_own_one_are_ended(server: JupyterHubServer) -> None:
    async def story() -> None:
        server.register("lea")
        devices = [server.sign_in_device(f"device {number}", "lea") for number in range(3)]
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in("lea", server.password)
            others = await user.others()
            assert len(others) == 3

            assert await user.end(*others) == accepted(*others)

            assert not any(device.works() for device in devices)
            own = await user.own()
            assert await user.end(own) == accepted(own)
            with pytest.raises(SignInExpired):
                await user.listing()

    run(story())


@pytest.mark.parametrize("password", ["wrong", 'with a "quote" and a \\', ""])
def test_a_wrong_password_is_told(server: JupyterHubServer, password: str) -> None:
    async def story() -> None:
        async with user_of(server.url, CONNECTOR) as user:
            for name in ("kim", "nobody"):
                with pytest.raises(BadCredentials):
                    await user.platform.sign_in(name, password)

    run(story())


def test_a_name_in_other_letters_than_the_hub_writes_it_is_told(server: JupyterHubServer) -> None:
    async def story() -> None:
        async with user_of(server.url, CONNECTOR) as user:
            with pytest.raises(BadCredentials, match="small letters"):
                await user.platform.sign_in("Kim", server.password)

    run(story())


def test_a_sign_in_that_was_ended_elsewhere_has_expired(server: JupyterHubServer) -> None:
    """A dead token gets a 403 here, which elsewhere means that one may only look."""

    async def story() -> None:
        server.register("noa")
        desk = server.sign_in_device("Front desk", "noa")
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in("noa", server.password)
            row = await user.shown_as("Front desk")
            (console,) = [each["id"] for each in server.sessions(desk, "noa") if each["id"] != desk.session]
            assert server.end(desk, console, "noa").status == 204

            with pytest.raises(SignInExpired):
                await user.platform.who_am_i()
            with pytest.raises(SignInExpired):
                await user.listing()
            with pytest.raises(SignInExpired):
                await user.end(row)
            assert desk.works()
            await user.platform.sign_out()  # a dead one is a success

    run(story())


def test_signing_out_leaves_no_token_behind(server: JupyterHubServer) -> None:
    async def story() -> None:
        server.register("eva")
        desk = server.sign_in_device("Front desk", "eva")
        async with user_of(server.url, CONNECTOR) as user:
            await user.sign_in("eva", server.password)
            assert len(server.sessions(desk, "eva")) == 2

            await user.platform.sign_out()

            assert len(server.sessions(desk, "eva")) == 1

    run(story())
