"""What was given up without network: several in one entry, none in another's place, and none for too long."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from sessionconsole.domain.credentials import Credential, SignInRecord
from sessionconsole.domain.errors import KeyringLocked
from sessionconsole.services.credentials import record_to_json
from sessionconsole.services.leftovers import Leftovers
from tests.fakes.vault import FakeVault
from tests.services.desk import ADDRESS, Desk, play


def a_record(account: str) -> SignInRecord:
    return SignInRecord(
        ADDRESS, "fake", account, "harbour", "Harbour", account, None, Credential({"t": account})
    )


def leftovers(desk: Desk) -> Leftovers:
    return Leftovers(desk.vault, desk.locks, desk.clock)


class SlowVault(FakeVault):
    """Lets others take their turn while it reads, as a keyring does."""

    async def read(self, name: str) -> str | None:
        found = await super().read(name)
        await asyncio.sleep(0)
        return found


def test_several_are_kept_in_one_entry_and_forgotten_one_by_one() -> None:
    async def story() -> None:
        desk = Desk()
        dana, ruby = [await leftovers(desk).add(a_record(name)) for name in ("dana", "ruby")]
        assert await leftovers(desk).pending() == [dana, ruby]
        await leftovers(desk).remove(dana)
        assert await leftovers(desk).pending() == [ruby]
        await leftovers(desk).remove(ruby)
        assert await desk.vault.read("to-revoke") is None

    play(story())


def test_each_is_dropped_seven_days_after_it_was_given_up() -> None:
    async def story() -> None:
        desk = Desk()
        await leftovers(desk).add(a_record("dana"))
        desk.clock.advance(timedelta(days=4).total_seconds())
        ruby = await leftovers(desk).add(a_record("ruby"))
        desk.clock.advance(timedelta(days=4).total_seconds())
        assert await leftovers(desk).pending() == [ruby]
        assert "dana" not in (await desk.vault.read("to-revoke") or ""), "its secret is gone too"

    play(story())


def test_two_processes_that_give_up_at_once_lose_neither() -> None:
    async def story() -> None:
        desk = Desk()
        desk.vault = SlowVault()
        await asyncio.gather(leftovers(desk).add(a_record("dana")), leftovers(desk).add(a_record("ruby")))
        kept = await leftovers(desk).pending()
        assert {each.record.account for each in kept} == {"dana", "ruby"}

    play(story())


def test_another_process_that_never_lets_go_costs_no_secret() -> None:
    async def story() -> None:
        desk = Desk()
        desk.locks.held_elsewhere.add("to-revoke")
        dana = await leftovers(desk).add(a_record("dana"))
        assert await leftovers(desk).pending() == [dana]

    play(story())


def test_the_single_one_that_an_earlier_version_kept_is_revoked_as_well() -> None:
    async def story() -> None:
        desk = Desk()
        single = {"since": desk.clock.now().isoformat(), "record": record_to_json(a_record("dana"))}
        await desk.vault.write("to-revoke", json.dumps(single))
        [dana] = await leftovers(desk).pending()
        assert dana.record == a_record("dana")

    play(story())


@pytest.mark.parametrize(
    "kept", ["", "nonsense", "{}", "[1, null]", '[{"since": "x", "record": {}}]', "null", "3"]
)
def test_an_entry_that_makes_no_sense_stands_in_nobodys_way(kept: str) -> None:
    async def story() -> None:
        desk = Desk()
        await desk.vault.write("to-revoke", kept)
        assert not await leftovers(desk).pending()
        ruby = await leftovers(desk).add(a_record("ruby"))
        assert await leftovers(desk).pending() == [ruby]

    play(story())


def test_a_keyring_that_fails_is_told_where_a_secret_is_not_kept_and_nowhere_else() -> None:
    async def story() -> None:
        desk = Desk()
        dana = await leftovers(desk).add(a_record("dana"))
        desk.vault.problem = KeyringLocked()
        with pytest.raises(KeyringLocked):
            await leftovers(desk).add(a_record("ruby"))
        await leftovers(desk).remove(dana)
        assert not await leftovers(desk).pending()
        desk.vault.problem = None
        assert await leftovers(desk).pending() == [dana]

    play(story())
