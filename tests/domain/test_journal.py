"""The chain of the journal: what is torn out, moved, changed or cut is found, and forgotten names are no fault."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessionconsole.domain.journal import (
    BEGINNING,
    About,
    Act,
    By,
    Head,
    Kind,
    Line,
    acts_of,
    chain_hash,
    numbers_of,
    numbers_text,
    read_line,
    write_line,
)
from sessionconsole.domain.journal_export import journal_csv, journal_document
from sessionconsole.domain.journal_proof import Fault, prove
from sessionconsole.domain.orders import OrderState, Outcome
from tests.builders import ADDRESS, NOW, PLATFORM, a_handle, a_session, an_order

AT = NOW.replace(microsecond=0)


def an_act(number: int = 1) -> Act:
    """Dana ended a session of Maria."""
    return Act(
        Kind.RESULT,
        AT + timedelta(minutes=number),
        PLATFORM,
        ADDRESS,
        By("dana.whitlock", "frontdesk"),
        About("maria.santos", "Reservations PC"),
        a_handle(number),
        f"order-{number}",
        Outcome.PROVED_GONE,
    )


def a_journal(*acts: Act) -> list[Line]:
    """These acts, one after the other."""
    lines: list[Line] = []
    for number, act in enumerate(acts, 1):
        before = lines[-1].hash if lines else BEGINNING
        lines.append(write_line(act, number, before, lambda: f"{len(lines):032x}"))
    return lines


def the_head(lines: Sequence[Line]) -> Head:
    return Head(lines[-1].number, lines[-1].hash)


LINES = a_journal(*map(an_act, range(1, 8)))
HEAD = the_head(LINES)


def test_what_was_written_is_read_back() -> None:
    assert [read_line(line).act for line in LINES] == [an_act(number) for number in range(1, 8)]
    assert prove(LINES, HEAD).is_sound
    assert prove(LINES, HEAD).since == an_act(1).at
    assert prove(LINES, HEAD).text == "7 entries, and all are as they were written."
    assert prove([], None).is_sound


@pytest.mark.parametrize(
    "head", [the_head(LINES[:6]), the_head(LINES[:1]), None], ids=["one", "many", "none"]
)
def test_a_head_that_is_behind_or_missing_is_no_fault(head: Head | None) -> None:
    assert prove(LINES, head).is_sound


def test_a_changed_entry_is_named() -> None:
    changed = replace(LINES[3], text=LINES[3].text.replace("proved-gone", "refused"))

    proof = prove([*LINES[:3], changed, *LINES[4:]], HEAD)

    assert (proof.fault, proof.number) == (Fault.CHANGED, 4)
    assert proof.text == "Entry 4 was changed, or stands in the place of another one."


def test_a_changed_entry_with_a_hash_that_fits_is_found_at_the_next_one() -> None:
    text = LINES[3].text.replace("proved-gone", "refused")
    changed = Line(4, text, chain_hash(LINES[2].hash, 4, text), LINES[3].by, LINES[3].about)

    assert prove([*LINES[:3], changed, *LINES[4:]], HEAD).number == 5


def test_a_chain_that_was_written_anew_does_not_have_the_head() -> None:
    acts = [read_line(line).act for line in LINES]
    anew = a_journal(*acts[:3], replace(acts[3], outcome=Outcome.REFUSED), *acts[4:])

    proof = prove(anew, HEAD)

    assert (proof.fault, proof.number) == (Fault.ANOTHER, 7)
    assert "was replaced" in proof.text


@pytest.mark.parametrize(
    ("torn", "fault", "number"),
    [
        (LINES[1:], Fault.MISSING, 1),
        ([*LINES[:2], *LINES[3:]], Fault.MISSING, 3),
        (LINES[:5], Fault.CUT, 6),
        ([], Fault.CUT, 1),
        ([*LINES[:2], LINES[3], LINES[2], *LINES[4:]], Fault.OUT_OF_PLACE, 4),
        ([*LINES[:4], LINES[3], *LINES[4:]], Fault.OUT_OF_PLACE, 4),
    ],
    ids=["the first", "in the middle", "the end", "all", "reordered", "doubled"],
)
def test_what_is_torn_out_or_moved_is_named(torn: list[Line], fault: Fault, number: int) -> None:
    proof = prove(torn, HEAD)

    assert (proof.fault, proof.number) == (fault, number)
    assert str(number) in proof.text


def test_entries_that_changed_their_numbers_are_found() -> None:
    swapped = [*LINES[:2], replace(LINES[3], number=3), replace(LINES[2], number=4), *LINES[4:]]

    assert prove(swapped, HEAD).fault is Fault.CHANGED
    assert prove(swapped, HEAD).number == 3


def test_names_of_another_one_are_found() -> None:
    other = replace(LINES[2], about=(LINES[2].about or "").replace("maria", "jorge"))

    proof = prove([*LINES[:2], other, *LINES[3:]], HEAD)

    assert (proof.fault, proof.number) == (Fault.NAMES_CHANGED, 3)


def test_names_that_were_forgotten_are_no_fault_and_names_that_were_torn_out_are() -> None:
    torn = [replace(LINES[0], about=None), *LINES[1:]]
    assert (prove(torn, HEAD).fault, prove(torn, HEAD).number) == (Fault.NAMES_MISSING, 1)

    said = write_line(Act(Kind.PERSON_FORGOTTEN, AT, erased="1"), 8, LINES[-1].hash, lambda: "0" * 32)

    assert prove([*torn, said], HEAD).is_sound
    assert prove([*torn, said], HEAD).nameless == 1
    assert read_line(torn[0]).nameless
    assert read_line(torn[0]).act == replace(an_act(1), about=None)


def test_an_erased_name_cannot_be_guessed_from_what_is_left() -> None:
    one, two = (write_line(an_act(1), 1, BEGINNING, lambda salt=salt: salt * 32) for salt in "ab")  # type: ignore[misc]

    assert one.text != two.text
    for part in ("maria", "Reservations", "dana", "frontdesk"):
        assert part not in one.text


def test_ten_thousand_entries_are_proved() -> None:
    lines = a_journal(*map(an_act, range(10_000)))

    assert prove(lines, the_head(lines)).is_sound


def test_of_an_order_it_is_written_down_that_it_was_given_and_what_became_of_it() -> None:
    order = an_order(ip := a_session(ip="203.0.113.10"))
    (given_,) = acts_of(order, "frontdesk")
    settled = replace(
        order, state=OrderState.SETTLED, settled_at=NOW, outcome=Outcome.REFUSED, code="not-allowed"
    )

    first, result = acts_of(settled, "frontdesk")

    assert first == given_
    assert (result.kind, result.outcome, result.code) == (Kind.RESULT, Outcome.REFUSED, "not-allowed")
    written = write_line(result, 1, BEGINNING, lambda: "0" * 32)
    for needless in (ip.ip, ip.user_agent, "Cairns", "Telstra", "Maria Santos"):
        assert str(needless) not in f"{written.text}{written.by}{written.about}"


def test_only_what_looks_like_a_code_is_written_down_of_what_a_platform_answers() -> None:
    line = write_line(replace(an_act(), code="Bearer eyJhbGciOi…"), 1, BEGINNING, lambda: "0" * 32)

    assert read_line(line).act.code == "other"


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=80), st.none() | st.text(max_size=300))
@settings(max_examples=200)
def test_whatever_a_platform_says_is_read_back_and_holds(
    account: str, device: str, platform: str, typed: str | None
) -> None:
    act = Act(Kind.ORDER, AT, platform, by=By("dana", "pc", typed), about=About(account, device))
    lines = a_journal(act, act)

    assert prove(lines, the_head(lines)).is_sound
    read = read_line(lines[1]).act
    assert read.about == About(account[:200], device[:200])
    assert read.platform == platform[:200]
    assert all(text.isascii() for line in lines for text in (line.text, line.by, line.about) if text)


@given(st.sets(st.integers(1, 60)))
def test_numbers_are_written_in_runs(numbers: set[int]) -> None:
    assert {number for run in numbers_of(numbers_text(numbers)) for number in run} == numbers


def test_numbers_read_well() -> None:
    assert numbers_text([9, 3, 4, 5, 12]) == "3-5,9,12"


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"kind":"nonsense","at":"2026-11-24T09:00:00Z"}', "[" * 5000]
)
def test_a_line_without_sense_is_a_changed_one(text: str) -> None:
    nonsense = Line(1, text, chain_hash(BEGINNING, 1, text))

    assert (prove([nonsense], None).fault, prove([nonsense], None).number) == (Fault.CHANGED, 1)


def test_anybody_can_prove_an_export_with_what_is_in_it() -> None:
    document = json.loads(json.dumps(journal_document(map(read_line, LINES), HEAD)))

    before = BEGINNING
    for entry in document["entries"]:
        assert chain_hash(before, entry["number"], entry["sealed"]["text"]) == entry["hash"]
        before = entry["hash"]
    assert before == document["head"]["hash"]


def test_a_spreadsheet_runs_nothing_of_it() -> None:
    line = write_line(replace(an_act(), about=About("=1+1", "@SUM(A1)")), 1, BEGINNING, lambda: "0" * 32)

    text = journal_csv([read_line(line)])

    assert ",'=1+1,'@SUM(A1)," in text
    assert text.startswith("number,at,kind,platform,address,by.account,by.user,")
