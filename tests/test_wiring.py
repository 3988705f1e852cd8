"""Homes in bad weather: a folder that cannot be used, and a keyring out of reach when all is to be forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionconsole.desktop.folders import Folders
from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import KeyringMissing, StoreNotWritable
from sessionconsole.domain.orders import Outcome
from sessionconsole.wiring import forget_home, open_console
from tests.fakes.vault import FakeVault
from tests.helpers import run
from tests.servers import STILL, DemoServer


def test_a_session_is_ended_and_proved_gone_although_nothing_can_be_written(tmp_path: Path) -> None:
    in_the_way = tmp_path / "home"
    in_the_way.write_text("somebody's notes")
    keyring = FakeVault()

    async def story(platform: DemoServer) -> None:
        console = await open_console(Folders.for_home({"SESSIONCONSOLE_HOME": str(in_the_way)}), keyring)
        try:
            assert [type(notice) for notice in console.notices.value] == [StoreNotWritable]
            await console.start()
            asked = await console.signing_in.begin(platform.url, platform.username, platform.password)
            assert isinstance(asked, SecondFactorAsked)
            await console.signing_in.answer(FactorMethod.TOTP, platform.totp_code())
            listing = await console.watching.read_now()
            other = next(session for session in listing.sessions if not session.is_current)

            (order,) = await console.ending.order([other.handle], hold=False)
            assert await console.ending.work_off() is None

            assert console.ending.state.value.orders[order.id].outcome is Outcome.PROVED_GONE
        finally:
            await console.close()

    with DemoServer(*STILL) as platform:
        run(story(platform))
    assert in_the_way.read_text() == "somebody's notes"
    assert keyring._secrets == {}


def test_nothing_is_forgotten_while_the_keyring_that_was_used_is_out_of_reach(tmp_path: Path) -> None:
    home = Folders.for_home({"SESSIONCONSOLE_HOME": str(tmp_path / "home")})
    keyring = FakeVault()

    async def story() -> None:
        await (await open_console(home, keyring)).close()
        with pytest.raises(KeyringMissing, match="nothing was removed"):
            await forget_home(home, FakeVault(KeyringMissing()))
        assert home.home_id.exists()
        assert home.store.exists()
        await forget_home(home, keyring)

    run(story())
    assert not home.data.exists()
    assert keyring._secrets == {}


def test_a_home_that_never_had_a_keyring_can_be_forgotten(tmp_path: Path) -> None:
    home = Folders.for_home({"SESSIONCONSOLE_HOME": str(tmp_path / "home")})
    without = FakeVault(KeyringMissing())

    async def story() -> None:
        await (await open_console(home, without)).close()
        await forget_home(home, without)

    run(story())
    assert not home.data.exists()
