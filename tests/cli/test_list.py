"""`list`: fresh, stored, filtered, and in three forms."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from sessionconsole.domain.errors import (
    KeyringLocked,
    PlatformMisbehaved,
    SignInExpired,
    StoreTooNew,
    Unreachable,
)
from sessionconsole.domain.sessions import Person
from sessionconsole.vault.memory_vault import MemoryVault
from tests.cli.desk import Desk
from tests.fakes.clock import START
from tests.fakes.platform import MARIA, SAM, session

ONE_CALL = (
    "--url",
    "https://booking.example",
    "--username",
    "dana.whitlock",
    "--password-stdin",
    "--otp",
    "123456",
)


def test_the_list_as_json_has_the_promised_shape(desk: Desk) -> None:
    ran = desk.run("list", "--json")

    assert ran.code == 0
    assert ran.json["as_of"] == "2026-11-24T09:00:00Z"
    assert ran.json["offline"] is False
    assert ran.json["sessions"][0] == {
        "id": "harbour:pc",
        "platform": "harbour",
        "person": {"account": "maria.santos", "name": "Maria Santos"},
        "device": {"type": "desktop", "os": "Windows 11", "browser": "Chrome", "app": None, "name": None},
        "user_agent": MARIA_AGENT,
        "ip": "203.0.113.10",
        "place": {"city": "Cairns", "country": "AU"},
        "network": {"asn": 64500, "name": "Reef Telecom", "type": "business"},
        "signed_in_at": "2026-11-24T06:00:00Z",
        "last_active_at": "2026-11-24T08:58:00Z",
        "idle_expires_at": "2026-11-24T18:00:00Z",
        "expires_at": "2026-11-28T09:00:00Z",
        "is_current": False,
        "state": "active",
        "assessment": {"level": "familiar", "score": 0.0, "reasons": []},
    }
    assert [s["is_current"] for s in ran.json["sessions"]] == [False, False, False, True]


MARIA_AGENT = session("pc").user_agent


def test_unknown_is_null() -> None:
    desk = Desk(
        session(
            "bare",
            Person("bare"),
            user_agent=None,
            ip=None,
            place=None,
            network=None,
            signed_in_at=None,
            last_active_at=None,
            idle_expires_at=None,
            expires_at=None,
        )
    )
    desk.sign_in()

    (bare, _own) = desk.run("list", "--json").json["sessions"]

    for key in (
        "user_agent",
        "ip",
        "place",
        "network",
        "signed_in_at",
        "last_active_at",
        "expires_at",
        "state",
    ):
        assert bare[key] is None, key
    assert bare["person"]["name"] is None
    assert bare["device"]["type"] == "unknown"


def test_used_within_twelve_hours_is_active_else_idle() -> None:
    desk = Desk(
        session("twelve", last_active_at=START - timedelta(hours=12)),
        session("more", last_active_at=START - timedelta(hours=12, seconds=1)),
    )
    desk.sign_in()

    states = {s["id"]: s["state"] for s in desk.run("list", "--json").json["sessions"]}

    assert states["harbour:twelve"] == "active"
    assert states["harbour:more"] == "idle"


def test_without_network_the_stored_list_is_shown_with_a_warning_and_exit_4(desk: Desk) -> None:
    fresh = desk.run("list", "--json").json
    desk.clock.advance(2 * 24 * 3600)
    desk.operator.fail("open", Unreachable())

    ran = desk.run("list", "--json")

    assert ran.code == 4
    assert ran.json["offline"] is True
    assert ran.json["as_of"] == fresh["as_of"]
    assert [s["id"] for s in ran.json["sessions"]] == [s["id"] for s in fresh["sessions"]]
    assert "as of Tue 24 Nov 2026 09:00:00 (2 days ago)" in ran.err


def test_without_network_and_without_a_stored_list_there_is_only_the_error(desk: Desk) -> None:
    desk.operator.fail("open", Unreachable())

    ran = desk.run("list", "--json")

    assert ran.code == 4
    assert ran.json["error"]["code"] == "unreachable"


def test_offline_shows_the_stored_list_and_asks_no_network(desk: Desk) -> None:
    desk.run("list")
    desk.operator.calls.clear()

    ran = desk.run("list", "--offline", "--json")

    assert ran.code == 0
    assert ran.json["offline"] is True
    assert len(ran.json["sessions"]) == 4
    assert desk.operator.calls == []
    assert "the list stored here" in desk.run("list", "--offline").out


def test_offline_with_nothing_stored_is_exit_1(desk: Desk) -> None:
    ran = desk.run("list", "--offline", "--json")

    assert ran.code == 1
    assert ran.json["error"]["code"] == "nothing-stored"
    assert set(ran.json["error"]) == {"code", "message", "advice"}


def test_a_store_that_cannot_be_read_is_not_taken_for_an_empty_one(desk: Desk) -> None:
    desk.notices = (StoreTooNew(),)

    ran = desk.run("list", "--offline", "--json")

    assert ran.code == 1
    assert ran.json["error"]["code"] == "store-too-new"


def test_not_signed_in_is_exit_3() -> None:
    ran = Desk().run("list", "--json")

    assert ran.code == 3
    assert ran.json["error"]["code"] == "sign-in-needed"


def test_a_sign_in_that_has_ended_is_exit_3(desk: Desk) -> None:
    desk.operator.end_sign_ins()

    ran = desk.run("list", "--json")

    assert ran.code == 3
    assert ran.json["error"]["code"] == SignInExpired.code


def test_an_answer_that_makes_no_sense_is_exit_1_and_not_hidden_by_the_stored_list(desk: Desk) -> None:
    desk.run("list")
    desk.operator.fail("list_sessions", PlatformMisbehaved())

    ran = desk.run("list", "--json")

    assert ran.code == 1
    assert ran.json["error"]["code"] == "platform-misbehaved"


def test_who_has_gone_since_is_not_listed_any_more(desk: Desk) -> None:
    desk.run("list")
    desk.operator.vanish(session("sam").handle)

    ids = [s["id"] for s in desk.run("list", "--json").json["sessions"]]

    assert "harbour:sam" not in ids


@pytest.mark.parametrize(("person", "ids"), [("sam.okafor", ["sam"]), ("maria SANTOS", ["pc", "stranger"])])
def test_person_is_the_account_or_the_name(desk: Desk, person: str, ids: list[str]) -> None:
    listed = desk.run("list", "--json", "--person", person).json["sessions"]

    assert [s["id"] for s in listed] == [f"harbour:{each}" for each in ids]


def test_nobody_of_that_name_names_the_candidates(desk: Desk) -> None:
    ran = desk.run("list", "--json", "--person", "maria")

    assert ran.code == 2
    assert "maria.santos" in ran.json["error"]["advice"]
    assert "sam.okafor" not in ran.json["error"]["advice"]


def test_unfamiliar_shows_only_what_wants_a_look() -> None:
    desk = Desk(session("pc", MARIA), session("sam", SAM))
    desk.sign_in()
    desk.run("list")
    desk.operator.appear(
        replace(
            session("far", MARIA, ip="198.51.100.77"),
            place=replace(
                session("pc").place, city="São Paulo", country="BR", latitude=-23.5, longitude=-46.6
            ),  # type: ignore[type-var]
            signed_in_at=START - timedelta(minutes=1),
        )
    )

    listed = desk.run("list", "--json", "--unfamiliar").json["sessions"]

    assert [s["id"] for s in listed] == ["harbour:far"]
    assert listed[0]["assessment"]["level"] != "familiar"
    assert listed[0]["assessment"]["reasons"][0].keys() == {"code", "text"}


def test_csv_has_the_same_leaves_and_no_formula(desk: Desk) -> None:
    desk.operator.appear(session("evil", Person("=cmd|' /C calc'!A0", "＝1+1"), user_agent="@SUM(1)"))

    ran = desk.run("list", "--csv")

    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert ran.code == 0
    assert list(rows[0])[:5] == ["id", "platform", "person.account", "person.name", "device.type"]
    evil = next(row for row in rows if row["id"] == "harbour:evil")
    assert evil["person.account"] == "'=cmd|' /C calc'!A0"
    assert evil["person.name"] == "'＝1+1"
    assert evil["user_agent"] == "'@SUM(1)"
    assert evil["is_current"] == "false"
    assert evil["device.name"] == ""


def test_json_and_csv_together_make_no_sense(desk: Desk) -> None:
    assert desk.run("list", "--json", "--csv").code == 2


def test_nothing_of_the_platform_can_steer_the_terminal(desk: Desk) -> None:
    desk.operator.appear(session("evil", Person("x", "\x1b[2J\x9b1mRed\u202e")))

    ran = desk.run("list")

    assert "\x1b" not in ran.out
    assert "\x9b" not in ran.out
    assert "\u202e" not in ran.out
    assert "[U+001B][2J" in ran.out
    assert desk.run("list", "--json").out.isascii()


def test_a_list_that_was_cut_says_so(desk: Desk) -> None:
    desk.operator.complete = False

    assert "not the whole list" in desk.run("list", "--json").err


def test_the_table_marks_this_console(desk: Desk) -> None:
    lines = desk.run("list").out.splitlines()

    assert lines[0] == "4 sessions as of Tue 24 Nov 2026 09:00:00 (just now)"
    assert next(line for line in lines if "this console" in line).startswith("Dana Whitlock")


def test_without_a_keyring_one_call_signs_in_lists_and_signs_out_again() -> None:
    desk = Desk(session("pc"), vault=MemoryVault())
    desk.notices = (KeyringLocked(),)

    ran = desk.run("list", "--json", *ONE_CALL, stdin="Reef-2026\n")

    assert ran.code == 0
    assert len(ran.json["sessions"]) == 2
    assert list(desk.operator.sessions) == [session("pc").handle], "the console's own session is over"
    assert desk.run("list").code == 3, "nothing was kept"


def test_one_call_that_cannot_sign_out_says_so() -> None:
    desk = Desk()
    desk.operator.fail("sign_out", Unreachable())

    ran = desk.run("list", "--json", *ONE_CALL, stdin="Reef-2026\n")

    assert ran.code == 0
    assert "until it expires" in ran.err


def test_one_call_has_no_stored_list() -> None:
    assert Desk().run("list", "--offline", *ONE_CALL, stdin="Reef-2026\n").code == 2
