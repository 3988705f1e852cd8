"""The whole story through connectors: the console signs in, lists, ends and proves, on real servers of three kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import ReauthenticationNeeded, SignInExpired
from sessionconsole.domain.orders import Outcome
from sessionconsole.domain.sessions import LoginSession
from sessionconsole.services.console import Console
from sessionconsole.services.states import Link, Presence
from tests.end_to_end.test_allauth_story import console_in, end_now, link
from tests.fakes.vault import FakeVault
from tests.helpers import run
from tests.real_servers.better_auth_server import BetterAuthServer
from tests.real_servers.jupyterhub_server import JupyterHubServer
from tests.real_servers.synapse_server import SynapseServer

pytestmark = pytest.mark.slow

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "BookingApp/4.12.0 (Android 14; Pixel 8) okhttp/4.12.0"


def listed(console: Console) -> list[LoginSession]:
    """What the platform listed last, without what the window still shows as gone."""
    rows = console.watching.state.value.rows
    return [row.session for row in rows if row.presence is not Presence.DEPARTED]


def shown_as(console: Console, text: str) -> LoginSession:
    (found,) = [each for each in listed(console) if text in (each.user_agent, each.device.name)]
    return found


def test_on_better_auth_a_code_lets_in_and_an_unwanted_login_is_proved_gone(tmp_path: Path) -> None:
    async def story(server: BetterAuthServer) -> None:
        manager, vault = server.manager, FakeVault()
        desk = server.sign_in_device(FIREFOX, "198.51.100.23")
        phone = server.sign_in_device(PHONE, "192.0.2.144")
        async with console_in(tmp_path, vault) as console:
            asked = await console.signing_in.begin(server.url, manager.email, manager.password)
            assert isinstance(asked, SecondFactorAsked)
            await console.signing_in.answer(FactorMethod.TOTP, manager.totp_code())
            await console.watching.refresh()
            unwanted = shown_as(console, PHONE)

            order = await end_now(console, unwanted)

            assert order.outcome is Outcome.PROVED_GONE
            assert not phone.works()
            assert desk.works()
        async with console_in(tmp_path, vault) as console:
            before = {session.handle for session in listed(console)}
            await console.watching.refresh()
            assert link(console) is Link.LIVE
            assert {session.handle for session in listed(console)} == before

    with BetterAuthServer() as server:
        run(story(server), timeout=60)


def test_on_better_auth_signing_in_anew_each_day_leaves_no_older_session_of_the_console(
    tmp_path: Path,
) -> None:
    async def story(server: BetterAuthServer) -> None:
        clerk = server.clerk
        async with console_in(tmp_path) as console:
            await console.signing_in.begin(server.url, clerk.email, clerk.password)
            await until_link(console, Link.SIGN_IN_NEEDED)
            problem = console.watching.state.value.problem
            assert isinstance(problem, SignInExpired)
            assert "within the last day" in str(problem)

            await console.signing_in.begin(server.url, clerk.email, clerk.password)
            await console.watching.refresh()

            assert link(console) is Link.LIVE
            assert [session.is_current for session in listed(console)] == [True]

    with BetterAuthServer(fresh_age=4) as server:
        run(story(server), timeout=60)


def test_on_synapse_the_password_is_asked_once_more_before_anything_is_ended(tmp_path: Path) -> None:
    async def story(server: SynapseServer) -> None:
        desk = server.sign_in_device("Front desk")
        phone = server.sign_in_device("Unknown phone")
        async with console_in(tmp_path) as console:
            await console.signing_in.begin(server.url, server.kim.username, server.kim.password)
            await console.watching.refresh()
            unwanted = shown_as(console, "Unknown phone")

            (order,) = await console.ending.order([unwanted.handle], hold=False)
            problem = await console.ending.work_off([order.id], wait=5)
            assert isinstance(problem, ReauthenticationNeeded)
            assert problem.methods == (FactorMethod.PASSWORD,)
            assert phone.works()
            await console.ending.reauthenticate(FactorMethod.PASSWORD, server.kim.password)
            assert await console.ending.work_off([order.id], wait=5) is None

            assert console.ending.state.value.orders[order.id].outcome is Outcome.PROVED_GONE
            assert not phone.works()
            assert desk.works()

    with SynapseServer() as server:
        run(story(server), timeout=60)


def test_on_jupyterhub_one_is_proved_gone_and_another_was_gone_already(tmp_path: Path) -> None:
    async def story(server: JupyterHubServer) -> None:
        desk = server.sign_in_device("Front desk")
        phone = server.sign_in_device("Unknown phone")
        script = server.sign_in_device("Old script")
        async with console_in(tmp_path) as console:
            await console.signing_in.begin(server.url, "kim", server.password)
            await console.watching.refresh()
            unwanted, old = shown_as(console, "Unknown phone"), shown_as(console, "Old script")
            assert server.end(desk, script.session).status == 204

            assert (await end_now(console, unwanted)).outcome is Outcome.PROVED_GONE
            assert (await end_now(console, old)).outcome is Outcome.ALREADY_GONE

            assert not phone.works()
            assert desk.works()
            await console.signing_in.sign_out()
            assert [token["note"] for token in server.sessions(desk)] == ["Front desk"]

    with JupyterHubServer() as server:
        run(story(server), timeout=60)


async def until_link(console: Console, wanted: Link) -> None:
    """Refresh until the platform stands so to the console; run's own patience bounds it."""
    while link(console) is not wanted:
        await console.watching.refresh()
