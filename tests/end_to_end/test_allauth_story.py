"""The whole story on a real django-allauth server: sign in, look, end, and prove it by the ended client itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sessionconsole.desktop.folders import Folders
from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    BadCredentials,
    SecondFactorRefused,
    SignInExpired,
)
from sessionconsole.domain.orders import Order, Outcome
from sessionconsole.domain.sessions import DeviceType, LoginSession
from sessionconsole.services.console import Console
from sessionconsole.services.signing_in import Stage
from sessionconsole.services.states import Link
from sessionconsole.wiring import open_console
from tests.allauth_server import AllauthServer
from tests.fakes.vault import FakeVault
from tests.helpers import run

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
APP = "BookingApp/4.12.0 (Android 14; Pixel 8) okhttp/4.12.0"


@asynccontextmanager
async def console_in(home: Path, vault: FakeVault | None = None) -> AsyncIterator[Console]:
    """A console of that home, with a vault that a later console of the same home may share."""
    console = await open_console(
        Folders.for_home({"SESSIONCONSOLE_HOME": str(home)}), FakeVault() if vault is None else vault
    )
    await console.start()
    try:
        yield console
    finally:
        await console.close()


async def sign_in(console: Console, server: AllauthServer) -> None:
    """Address, user name, password, and the code from the authenticator app."""
    asked = await console.signing_in.begin(server.url, server.username, server.password)
    assert isinstance(asked, SecondFactorAsked)
    assert FactorMethod.TOTP in asked.methods
    await console.signing_in.answer(FactorMethod.TOTP, server.totp_code())


async def end_now(console: Console, session: LoginSession) -> Order:
    """Order, without waiting for Undo, and carry it out."""
    (order,) = await console.ending.order([session.handle], hold=False)
    problem = await console.ending.work_off([order.id], wait=5)
    assert problem is None, problem
    return console.ending.state.value.orders[order.id]


def link(console: Console) -> Link:
    """How the platform stands to this console now."""
    return console.watching.state.value.link


def session_at(console: Console, ip: str) -> LoginSession:
    """The listed session from that address."""
    (found,) = [row.session for row in console.watching.state.value.rows if row.session.ip == ip]
    return found


def test_an_unwanted_login_is_found_ended_and_refused_from_then_on(tmp_path: Path) -> None:
    async def story(server: AllauthServer) -> None:
        desk = server.login_as_client(FIREFOX, "203.0.113.77")
        phone = server.login_as_client(IPHONE, "2001:db8:85a3::8a2e:370:7334")
        lost = server.login_as_client(APP, "192.0.2.144")
        async with console_in(tmp_path) as console:
            await sign_in(console, server)
            assert console.signing_in.state.value.stage is Stage.SIGNED_IN
            await console.watching.refresh()

            state = console.watching.state.value
            assert link(console) is Link.LIVE
            assert len(state.rows) == 4
            assert [row.session.is_current for row in state.rows].count(True) == 1
            assert session_at(console, "203.0.113.77").device.browser == "Firefox"
            assert session_at(console, "2001:db8:85a3::8a2e:370:7334").device.type is DeviceType.PHONE
            tablet = session_at(console, "192.0.2.144")
            assert tablet.place is None, "not provided is not a guess"

            assert lost.works()
            order = await end_now(console, tablet)

            assert order.outcome is Outcome.PROVED_GONE
            assert lost.status() == 410
            assert desk.works()
            assert phone.works()
            assert server.requests().count("DELETE auth/sessions 200") == 1

    with AllauthServer() as server:
        run(story(server), timeout=40)


def test_what_is_gone_already_is_said_to_be_gone_already_and_nothing_is_sent(tmp_path: Path) -> None:
    async def story(server: AllauthServer) -> None:
        left = server.login_as_client(FIREFOX, "203.0.113.77")
        async with console_in(tmp_path) as console:
            await sign_in(console, server)
            await console.watching.refresh()
            session = session_at(console, "203.0.113.77")
            server.end(left)

            order = await end_now(console, session)

            assert order.outcome is Outcome.ALREADY_GONE
            assert not [line for line in server.requests() if line.startswith("DELETE auth/sessions")]

    with AllauthServer() as server:
        run(story(server), timeout=40)


def test_the_next_start_needs_no_password_and_the_end_of_our_own_session_is_noticed(tmp_path: Path) -> None:
    async def story(server: AllauthServer) -> None:
        vault = FakeVault()
        async with console_in(tmp_path, vault) as console:
            await sign_in(console, server)
            await console.watching.refresh()
        async with console_in(tmp_path, vault) as console:
            assert console.signing_in.state.value.stage is Stage.SIGNED_IN
            assert console.watching.state.value.rows, "the stored list is there before the network is asked"
            await console.watching.refresh()
            assert link(console) is Link.LIVE

            server.end_all(keep=[])
            await console.watching.refresh()

            assert link(console) is Link.SIGN_IN_NEEDED
            assert isinstance(console.watching.state.value.problem, SignInExpired)
            assert console.watching.state.value.rows, "what was seen stays in sight"

    with AllauthServer() as server:
        run(story(server), timeout=40)


def test_a_wrong_password_and_a_wrong_code_are_refused_in_words_of_their_own(tmp_path: Path) -> None:
    async def story(server: AllauthServer) -> None:
        async with console_in(tmp_path) as console:
            with pytest.raises(BadCredentials):
                await console.signing_in.begin(server.url, server.username, "not the password")
            await console.signing_in.begin(server.url, server.username, server.password)
            with pytest.raises(SecondFactorRefused):
                await console.signing_in.answer(FactorMethod.TOTP, "000000")
            await console.signing_in.answer(FactorMethod.RECOVERY_CODE, server.recovery_code())
            assert console.signing_in.state.value.stage is Stage.SIGNED_IN

    with AllauthServer() as server:
        run(story(server), timeout=40)


def test_signing_out_revokes_on_the_platform(tmp_path: Path) -> None:
    async def story(server: AllauthServer) -> None:
        async with console_in(tmp_path) as console:
            await sign_in(console, server)
            before = server.sessions_in_database()
            await console.signing_in.sign_out()
            assert server.sessions_in_database() != before
            assert console.signing_in.state.value.stage is Stage.SIGNED_OUT

    with AllauthServer() as server:
        run(story(server), timeout=40)


def test_the_network_goes_and_an_order_waits_until_it_is_back(tmp_path: Path) -> None:
    async def story(server: AllauthServer) -> None:
        lost = server.login_as_client(APP, "192.0.2.144")
        async with console_in(tmp_path) as console:
            await sign_in(console, server)
            await console.watching.refresh()
            server.stop()
            await console.watching.refresh()
            assert link(console) is Link.OFFLINE

            (order,) = await console.ending.order([session_at(console, "192.0.2.144").handle], hold=False)
            await console.ending.work_off([order.id])
            assert console.ending.state.value.orders[order.id].state == "queued"

            server.start()
            assert lost.works()
            await console.ending.work_off([order.id])

            assert console.ending.state.value.orders[order.id].outcome is Outcome.PROVED_GONE
            assert lost.status() == 410

    with AllauthServer() as server:
        run(story(server), timeout=40)


def test_a_fresh_proof_is_given_where_the_platform_asks_for_one(tmp_path: Path) -> None:
    async def story(server: AllauthServer) -> None:
        async with console_in(tmp_path) as console:
            await sign_in(console, server)
            await console.ending.reauthenticate(FactorMethod.TOTP, server.totp_code())
            with pytest.raises(BadCredentials):
                await console.ending.reauthenticate(FactorMethod.PASSWORD, "not the password")
            await console.ending.reauthenticate(FactorMethod.PASSWORD, server.password)
            await console.watching.refresh()
            assert link(console) is Link.LIVE

    with AllauthServer() as server:
        run(story(server), timeout=40)
