"""`connector`: check, list, show, schema."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from tests.cli.desk import Desk

CORPUS = Path(__file__).parents[1] / "platform" / "connectors"
GOOD = CORPUS / "good.toml"


def test_a_good_file_is_good() -> None:
    ran = Desk().run("connector", "check", str(GOOD))

    assert (ran.code, ran.out, ran.err) == (0, f"{GOOD}: no mistakes\n", "")


def test_every_mistake_of_every_file_is_a_line_on_standard_error() -> None:
    many, syntax = CORPUS / "broken" / "many-at-once.toml", CORPUS / "broken" / "syntax-twice.toml"

    ran = Desk().run("connector", "check", str(many), str(GOOD), str(syntax))

    assert ran.code == 1
    assert ran.out == f"{GOOD}: no mistakes\n"
    lines = ran.err.splitlines()
    assert len(lines) == 6
    assert f'{many}: connector.titel: unknown key; did you mean "title"?' in lines
    assert lines[-1].startswith(f"{syntax}: line ")


def test_mistakes_for_programs() -> None:
    broken = CORPUS / "broken" / "variable-unknown.toml"

    ran = Desk().run("connector", "check", "--json", str(broken), str(GOOD))

    assert ran.code == 1
    assert ran.json == {
        "files": [
            {
                "file": str(broken),
                "name": None,
                "mistakes": [
                    {
                        "key": "end.one.path",
                        "line": None,
                        "text": "there is no variable {session.idd} here; did you mean {session.id}?",
                    }
                ],
            },
            {"file": str(GOOD), "name": "harbour", "mistakes": []},
        ]
    }


def test_a_file_that_is_not_there_is_a_mistake_too() -> None:
    ran = Desk().run("connector", "check", "none.toml")

    assert (ran.code, ran.err) == (1, "none.toml: there is no such file\n")


def test_the_list_has_the_built_in_ones_and_the_own_ones(tmp_path: Path) -> None:
    desk = Desk()
    desk.own_connectors = tmp_path
    (tmp_path / "harbour.toml").write_text(GOOD.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "broken.toml").write_text("format = ", encoding="utf-8")

    ran = desk.run("connector", "list")

    assert ran.code == 0
    rows = [line.split("  ")[0] for line in ran.out.splitlines()]
    assert rows[0] == "NAME"
    assert {"synapse", "harbour", "broken"} <= set(rows)
    assert "(broken)" in ran.out
    assert ran.err.startswith("The connector file broken.toml has a mistake: line 1: expected a value")


def test_the_list_for_programs(tmp_path: Path) -> None:
    desk = Desk()
    desk.own_connectors = tmp_path
    (tmp_path / "broken.toml").write_text("format = ", encoding="utf-8")

    found = {one["name"]: one for one in desk.run("connector", "list", "--json").json["connectors"]}

    assert found["synapse"]["verified"] == "real-server"
    assert found["synapse"]["problem"] is None
    assert found["synapse"]["capabilities"]["provides"] == ["last_active_at"]
    assert found["synapse"]["capabilities"]["end"] == ["one", "many"]
    assert found["console-api"]["capabilities"] is None
    assert found["broken"]["own"] is True
    assert found["broken"]["problem"]["code"] == "connector-file"
    assert {frozenset(one) for one in found.values()} == {frozenset(found["synapse"])}


def test_a_file_is_shown_as_it_is_and_told_beside() -> None:
    ran = Desk().run("connector", "show", "mattermost")

    assert ran.code == 0
    assert tomllib.loads(ran.out)["connector"]["name"] == "mattermost"
    assert "not run against a server" in ran.err
    assert "Does not tell: " in ran.err


def test_a_file_whose_calls_go_to_another_address_says_so(tmp_path: Path) -> None:
    desk = Desk()
    desk.own_connectors = tmp_path
    odd = CORPUS / "good" / "booking_devices.toml"
    (tmp_path / "ticket-shop.toml").write_text(odd.read_text(encoding="utf-8"), encoding="utf-8")

    ran = desk.run("connector", "show", "ticket-shop")

    assert (
        "Whatever address is typed, its calls go to https://accounts.shop.example/{organizer} too." in ran.err
    )


def test_a_broken_file_is_shown_too(tmp_path: Path) -> None:
    desk = Desk()
    desk.own_connectors = tmp_path
    (tmp_path / "broken.toml").write_text("format = \x1b[2J\n", encoding="utf-8")

    ran = desk.run("connector", "show", "broken")

    assert (ran.code, "\x1b" in ran.out) == (0, False)
    assert "has a mistake" in ran.err


def test_a_name_that_nobody_knows_is_wrong_use() -> None:
    ran = Desk().run("connector", "show", "nothing")

    assert ran.code == 2
    assert "synapse" in ran.err


def test_the_schema_is_one_document() -> None:
    assert json.loads(Desk().run("connector", "schema").out)["title"] == "sessionconsole connector, format 1"
