"""`doctor`, `forget` and `demo`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from sessionconsole.domain.errors import KeyringLocked, StoreDamaged, Unreachable, WrongUse
from sessionconsole.vault.memory_vault import MemoryVault
from tests.cli.desk import Desk


def test_the_doctor_finds_everything_in_order(desk: Desk, tmp_path: Path) -> None:
    store = tmp_path / "console.db"
    store.write_bytes(b"\x8f" * 4096)
    desk.places = {"store": store, "logs": tmp_path / "logs"}

    ran = desk.run("doctor", "--json")

    assert ran.code == 0
    found = ran.json
    assert found["keyring"] == {"back_end": "fake keyring", "usable": True}
    assert found["encryption"]["store_is_encrypted"] is True
    assert found["folders"]["logs"] == {"path": str(tmp_path / "logs"), "exists": False}
    assert found["versions"]["PySide6-Essentials"]
    assert found["problems"] == []


def test_the_doctor_tells_nobodys_name_and_no_secret(desk: Desk) -> None:
    desk.run("list")

    told = json.dumps(desk.run("doctor", "--json").json) + desk.run("doctor").out

    for private in ("dana", "Dana", "maria", "token-1", "booking.example", "Reef-2026"):
        assert private not in told


def test_the_doctor_sees_a_file_in_clear_text(desk: Desk, tmp_path: Path) -> None:
    store = tmp_path / "console.db"
    store.write_bytes(b"SQLite format 3\0" + bytes(100))
    desk.places = {"store": store}

    assert desk.run("doctor", "--json").json["encryption"]["store_is_encrypted"] is False
    assert "NOT encrypted" in desk.run("doctor").out


@pytest.mark.parametrize("problem", [KeyringLocked(), StoreDamaged()])
def test_the_doctor_names_what_is_amiss(problem: KeyringLocked | StoreDamaged) -> None:
    desk = Desk(vault=MemoryVault())
    desk.notices = (problem,)

    ran = desk.run("doctor", "--json")

    assert ran.code == 0
    assert [found["code"] for found in ran.json["problems"]] == [problem.code]
    assert ran.json["keyring"]["usable"] is False
    assert problem.message in desk.run("doctor").out


def test_the_doctor_tries_the_keyring_and_leaves_nothing() -> None:
    class Forgetful(MemoryVault):
        kept = True

        async def read(self, name: str) -> str | None:
            return None

    assert Desk(vault=Forgetful()).run("doctor", "--json").json["problems"][0]["code"] == "keyring-forgets"


def test_forget_wants_all_and_a_yes(desk: Desk) -> None:
    assert desk.run("forget", "--yes").code == 2
    assert desk.run("forget", "--all").code == 2
    assert desk.run("forget", "--all", person=["n"]).code == 1
    assert not desk.forgotten

    assert desk.run("forget", "--all", "--yes").code == 0
    assert desk.forgotten


def test_forget_signs_out_on_the_platform_too(desk: Desk) -> None:
    before = len(desk.operator.sessions)

    desk.run("forget", "--all", "--yes")

    assert len(desk.operator.sessions) == before - 1


def test_forget_revokes_what_was_signed_out_offline(desk: Desk) -> None:
    before = len(desk.operator.sessions)
    desk.operator.fail("open", Unreachable())
    assert desk.run("sign-out").code == 4
    assert len(desk.operator.sessions) == before

    desk.run("forget", "--all", "--yes")

    assert len(desk.operator.sessions) == before - 1


def test_demo_is_handed_on() -> None:
    desk = Desk()

    desk.run("demo")
    desk.run("demo", "--serve", "--port", "0")

    assert desk.demo == [("window", []), ("serve", ["--port", "0"])]


def test_a_demo_that_cannot_be_shown_says_why() -> None:
    class Windowless(Desk):
        def run_demo_window(self, argv: Sequence[str]) -> int:
            raise WrongUse("There is no window here.", "Use demo --serve.")

    ran = Windowless().run("demo")

    assert (ran.code, ran.err) == (2, "There is no window here. Use demo --serve.\n")
