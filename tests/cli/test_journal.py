"""`journal`: shown in three forms, filtered, proved, and gone on with after a gap."""

from __future__ import annotations

import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sessionconsole.domain.errors import KeyringLocked
from sessionconsole.vault.memory_vault import MemoryVault
from tests.cli.desk import Desk
from tests.fakes.platform import session

ROOT = Path(__file__).parents[2]
STRANGER = session("stranger").handle


@pytest.fixture
def written(desk: Desk) -> Desk:
    """Dana signed in, and ended a stranger's session."""
    desk.run("list")
    assert desk.run("end", STRANGER, "--yes").code == 0
    return desk


def test_the_journal_as_json_has_the_promised_shape(written: Desk) -> None:
    document = written.run("journal", "--json").json

    assert [entry["kind"] for entry in document["entries"]] == ["sign-in", "order", "result"]
    result = document["entries"][-1]
    assert document["head"] == {"number": 3, "hash": result["hash"]}
    assert len(result.pop("order")) == 32
    assert result.pop("sealed").keys() == {"text", "by", "about"}
    assert len(result.pop("hash")) == 64
    assert result == {
        "number": 3,
        "at": "2026-11-24T09:00:00Z",
        "kind": "result",
        "platform": "harbour",
        "address": "https://booking.example",
        "by": {"account": "dana.whitlock", "user": "frontdesk", "signed_off_as": None},
        "about": {"account": "maria.santos", "device": "Windows 11 PC"},
        "session": STRANGER,
        "outcome": "proved-gone",
        "code": None,
        "late": False,
        "erased": None,
        "nameless": False,
    }


def test_the_recipe_of_the_documentation_proves_an_export(written: Desk) -> None:
    recipe = (
        (ROOT / "docs" / "journal.md").read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    )

    def prove(text: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", recipe], input=text, capture_output=True, text=True, check=False
        )

    text = written.run("journal", "--json").out

    assert prove(text).stdout == "3 entries hold\n"
    assert prove(text.replace("maria.santos", "jorge.amado")).returncode == 1
    assert prove(text.replace("proved-gone", "refused")).returncode == 1


def test_the_journal_as_csv_and_as_a_table(written: Desk) -> None:
    lines = list(csv.DictReader(written.run("journal", "--csv").out.splitlines()))
    assert [line["kind"] for line in lines] == ["sign-in", "order", "result"]
    assert lines[-1]["about.account"] == "maria.santos"

    table = written.run("journal").out.splitlines()
    assert table[0].split() == ["NO", "AT", "WHAT", "OUTCOME", "PERSON", "DEVICE", "BY", "USER"]
    assert "proved-gone" in table[3]
    assert Desk().run("journal").out == "No entries.\n"


def test_only_some_entries(written: Desk) -> None:
    written.clock.advance(86_400)
    written.run("end", session("sam").handle, "--yes")

    def kinds(*options: str) -> list[str]:
        return [entry["kind"] for entry in written.run("journal", "--json", *options).json["entries"]]

    assert kinds("--since", "2026-11-25") == ["order", "result"]
    assert kinds("--since", "2026-11-24T08:00:00Z") == ["sign-in", "order", "result", "order", "result"]
    assert kinds("--person", "maria.santos", "--since", "2026-11-25") == []
    assert kinds("--person", "dana.whitlock")[0] == "sign-in"
    assert written.run("journal", "--person", "nobody").code == 2
    assert written.run("journal", "--since", "yesterday").code == 2


def test_a_sound_journal_is_0(written: Desk) -> None:
    ran = written.run("journal", "verify")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "3 entries, and all are as they were written. The first is of Tue 24 Nov 2026 09:00:00.\n"
    )


def test_an_edited_journal_is_1_and_the_entry_is_named(written: Desk) -> None:
    kept = written.store.journal.kept
    kept[1] = replace(kept[1], text=kept[1].text.replace("booking", "looking"))

    ran = written.run("journal", "verify")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Entry 2 was changed")
    shown = written.run("journal", "--json")
    assert (shown.code, len(shown.json["entries"])) == (0, 3)
    assert "Entry 2 was changed" in shown.err


def test_a_journal_without_its_end_is_1_until_that_is_accepted(written: Desk) -> None:
    written.run("forget", "--person", "maria.santos", "--yes")
    del written.store.journal.kept[3:]

    ran = written.run("journal", "verify")
    assert ran.code == 1
    assert "Entry 4 and what followed it are missing" in ran.err
    assert "knows of 4 entries" in ran.err

    assert written.run("journal", "accept").code == 2
    assert written.run("journal", "accept", person=["n"]).code == 1
    assert written.run("journal", "verify").code == 1
    assert written.run("journal", "accept", "--yes").code == 0
    assert written.run("journal", "verify").code == 0
    assert written.run("journal", "--json").json["entries"][-1]["kind"] == "gap-accepted"
    assert written.run("journal", "accept", "--yes").code == 2


def test_without_a_head_it_is_said_what_cannot_be_told(written: Desk) -> None:
    written.vault._secrets.pop("journal-head")  # type: ignore[attr-defined]
    written.store.journal.problem = None

    ran = written.run("journal", "verify")

    assert ran.code == 0
    assert "Whether the last entries are missing cannot be told" in ran.err


def test_a_forgotten_person_is_nameless_and_the_journal_holds(written: Desk) -> None:
    ran = written.run("forget", "--person", "maria.santos", "--yes")
    assert "The names in 2 entries of the journal were erased" in ran.err

    assert "maria" not in written.run("journal", "--json").out
    assert "(forgotten)" in written.run("journal").out
    assert written.run("journal", "verify").code == 0
    assert written.run("journal", "--person", "maria.santos").code == 2


def test_a_journal_that_cannot_be_read_is_not_called_empty() -> None:
    desk = Desk(vault=MemoryVault())
    desk.notices = (KeyringLocked(),)

    assert desk.run("journal").code == 1
    assert desk.run("journal", "verify").code == 1
